import { useEffect, useState } from "preact/hooks";
import { useAsk } from "../../api/asked";
import { graphql } from "../../api/generated";
import { Mark } from "../../kinds/Kind";
import { Text } from "../../parts/Text";
import { t } from "../../words";
import { add } from "./store";

const Suggest = graphql(`
  query Suggest($text: String!) { search(text: $text, first: 8) { edges { node { entity { id label name key } } } } }
`);
const PAUSE = 140;

interface Props {
  /** What is done with the entity that is chosen; else it is added. */
  choose?: (id: string) => void;
  label?: string;
}

/** A box that finds an entity by a part of its name. */
export function Add({ choose = (id) => void add([id]), label = t("graph.add") }: Props) {
  const [text, setText] = useState("");
  const [wanted, setWanted] = useState("");
  const [at, setAt] = useState(0);
  useEffect(() => {
    const later = setTimeout(() => setWanted(text.trim()), PAUSE);
    return () => clearTimeout(later);
  }, [text]);
  const asked = useAsk(Suggest, wanted ? { text: wanted.slice(0, 500) } : null);
  const found = wanted && text ? (asked.data?.search.edges.map((edge) => edge.node.entity) ?? []) : [];
  const take = (id: string | undefined) => {
    if (!id) return;
    setText("");
    setWanted("");
    choose(id);
  };
  return (
    <div class="add">
      <input
        type="text"
        role="combobox"
        aria-expanded={found.length > 0}
        aria-controls="add-found"
        aria-autocomplete="list"
        aria-label={label}
        placeholder={label}
        value={text}
        spellcheck={false}
        autocomplete="off"
        onInput={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown") setAt(Math.min(found.length - 1, at + 1));
          else if (event.key === "ArrowUp") setAt(Math.max(0, at - 1));
          else if (event.key === "Enter") take(found[at]?.id);
          else if (event.key === "Escape") setText("");
          else return;
          event.preventDefault();
        }}
      />
      <ul id="add-found" role="listbox" aria-label={label} class={found.length ? "menu add-found" : "unseen"}>
        {found.map((one, place) => (
          <li key={one.id} role="option" aria-selected={place === at} onPointerDown={(event) => (event.preventDefault(), take(one.id))}>
            <Mark label={one.label} />
            <Text cut={60}>{one.name}</Text>
          </li>
        ))}
      </ul>
    </div>
  );
}
