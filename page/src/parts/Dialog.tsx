import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../words";
import { Icon } from "./Icon";

interface Props {
  open: boolean;
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  wide?: boolean;
}

/** A modal dialog: the browser keeps the focus in it and closes it with Escape. */
export function Dialog({ open, title, onClose, children, wide = false }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const one = dialog.current;
    if (open && one && !one.open) one.showModal();
    if (!open && one?.open) one.close();
  }, [open]);
  return (
    <dialog
      ref={dialog}
      class={wide ? "dialog wide" : "dialog"}
      aria-label={title}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      {open && (
        <div class="dialog-in">
          <header>
            <h2>{title}</h2>
            <button type="button" class="quiet" onClick={onClose} aria-label={t("dialog.close")}>
              <Icon path="M6 6l12 12M18 6 6 18" />
            </button>
          </header>
          {children}
        </div>
      )}
    </dialog>
  );
}
