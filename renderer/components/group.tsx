import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';

/** Rows in a card, under a heading of their own. */
export function Group({
  title,
  children,
}: {
  title: string;
  children: ComponentChildren;
}): JSX.Element {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id} class="group-title">
        {title}
      </h2>
      <div class="card rows">{children}</div>
    </section>
  );
}
