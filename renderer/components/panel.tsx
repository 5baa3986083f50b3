import type { ComponentChildren, JSX } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';

type PanelProps = Readonly<{
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}>;

/**
 * A non-modal dialog inside an account's card. Takes the focus, returns it to the card's menu button, and
 * closes on Escape.
 */
export function Panel({ title, onClose, children }: PanelProps): JSX.Element {
  const id = useId();
  const panel = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const element = panel.current;
    const opener = element?.parentElement?.querySelector<HTMLElement>('[aria-haspopup=menu]');
    if (element !== null && !element.contains(document.activeElement)) element.focus();
    element?.scrollIntoView({ block: 'nearest' });
    return () => opener?.focus();
  }, []);
  return (
    <section
      ref={panel}
      class="panel stack"
      tabIndex={-1}
      aria-labelledby={id}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onClose();
      }}
    >
      <h3 id={id}>{title}</h3>
      {children}
    </section>
  );
}
