import { useState } from "preact/hooks";
import { None } from "../../parts/State";
import { Text } from "../../parts/Text";
import { to } from "../../shell/router";
import { t } from "../../words";
import { moment } from "../../words/moment";
import type { TabProps } from "./CasePage";
import { AddNote, ChangeCase } from "./documents";
import { Hypotheses } from "./Hypotheses";

/** What the case is about: trigger, scope, what is supposed, what the telemetry must hold, and remarks. */
export function Course({ one, acting }: TabProps) {
  return (
    <div class="case-course">
      <div class="stack">
        <Summary one={one} acting={acting} />
        <Hypotheses one={one} acting={acting} />
        <Notes one={one} acting={acting} />
      </div>
      <div class="stack">
        <Facts one={one} />
        <Needs one={one} />
        <Views one={one} />
      </div>
    </div>
  );
}

function Summary({ one, acting }: TabProps) {
  const [text, setText] = useState<string | null>(null);
  const save = async () => {
    if (text !== null && (await acting.act(ChangeCase, { id: one.id, version: one.version, title: null, summary: text }))) setText(null);
  };
  return (
    <section class="card">
      <header>
        <h2>{t("cases.summary")}</h2>
        {text === null && !one.closed && (
          <button type="button" class="quiet push" onClick={() => setText(one.summary)}>
            {t("cases.edit")}
          </button>
        )}
      </header>
      {text === null ? (
        <p class={one.summary ? "" : "faint"}>{one.summary ? <Text cut={5_000}>{one.summary}</Text> : t("cases.summary.none")}</p>
      ) : (
        <div class="stack">
          <textarea aria-label={t("cases.summary")} rows={4} value={text} onInput={(event) => setText(event.currentTarget.value)} />
          <div class="row">
            <button type="button" class="primary" disabled={acting.busy} onClick={save}>
              {t("cases.save")}
            </button>
            <button type="button" class="quiet" onClick={() => setText(null)}>
              {t("cases.leave")}
            </button>
          </div>
        </div>
      )}
    </section>
  );
}

function Facts({ one }: { one: TabProps["one"] }) {
  const given = one.given && typeof one.given === "object" ? Object.entries(one.given as Record<string, string[]>) : [];
  const { entities, tags, since, until } = one.scope;
  return (
    <section class="card">
      <dl class="facts">
        <dt>{t("cases.trigger")}</dt>
        <dd>{t(`cases.trigger.${one.trigger}`)}</dd>
        <dt>{t("cases.form")}</dt>
        <dd>{t(`cases.form.${one.form}`)}</dd>
        <dt>{t("cases.scope")}</dt>
        <dd>
          {[...entities, ...tags].map((each) => (
            <span key={each} class="badge">
              <Text cut={60}>{each}</Text>
            </span>
          ))}
          {!entities.length && !tags.length && t("cases.scope.all")}
        </dd>
        {(since || until) && (
          <>
            <dt>{t("cases.window")}</dt>
            <dd class="number">
              {moment(since)} – {moment(until)}
            </dd>
          </>
        )}
        {given.filter(([, values]) => values.length > 0).map(([name, values]) => (
          <>
            <dt>{t(`cases.given.${name}`)}</dt>
            <dd>
              {values.map((each) => (
                <span key={each} class="badge">
                  <Text cut={60}>{each}</Text>
                </span>
              ))}
            </dd>
          </>
        ))}
      </dl>
    </section>
  );
}

function Needs({ one }: { one: TabProps["one"] }) {
  if (!one.collection.length) return null;
  return (
    <section class="card">
      <header>
        <h2>{t("cases.collection")}</h2>
      </header>
      <ul class="needs">
        {one.collection.map((need, index) => (
          <li key={index}>
            <span class={`badge ${need.there ? "good" : "medium"}`}>{t(need.there ? "cases.there" : "cases.missing")}</span>
            <span>
              {need.kinds.map((kind) => kind.title).join(` ${t("hunts.or")} `)}
              {!need.there && <span class="faint"> {need.kinds.map((kind) => kind.opens).join("; ")}</span>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Views({ one }: { one: TabProps["one"] }) {
  const views = one.views.filter((view) => !view.withdrawn);
  if (!views.length) return null;
  return (
    <section class="card">
      <header>
        <h2>{t("cases.views")}</h2>
      </header>
      <ul class="notes">
        {views.map((view) => {
          const place = (view.asked as { place?: unknown } | null)?.place;
          const href = typeof place === "string" && place.startsWith("#/") ? place : to("search", [], { q: view.entity });
          return (
            <li key={view.number}>
              <a href={href}>
                <Text cut={80}>{view.name}</Text>
              </a>{" "}
              <span class="faint">{view.who}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Notes({ one, acting }: TabProps) {
  const [text, setText] = useState("");
  const notes = one.notes.filter((note) => !note.withdrawn);
  const add = async (event: Event) => {
    event.preventDefault();
    if (text.trim() && (await acting.act(AddNote, { case: one.id, text }))) setText("");
  };
  return (
    <section class="card">
      <header>
        <h2>{t("cases.notes")}</h2>
      </header>
      {notes.length === 0 && one.closed && <None />}
      <ul class="stack remarks">
        {notes.map((note) => (
          <li key={note.number}>
            <p>
              <Text cut={5_000}>{note.text}</Text>
            </p>
            <span class="faint number">
              {note.who} · {moment(note.at)}
            </span>
          </li>
        ))}
      </ul>
      {!one.closed && (
        <form class="row add" onSubmit={add}>
          <input type="text" aria-label={t("cases.note")} placeholder={t("cases.note")} value={text} onInput={(event) => setText(event.currentTarget.value)} />
          <button type="submit" disabled={acting.busy || !text.trim()}>
            {t("cases.add")}
          </button>
        </form>
      )}
    </section>
  );
}
