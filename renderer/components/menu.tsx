import type { ComponentChildren, JSX, TargetedKeyboardEvent } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';

type MenuProps = Readonly<{
  /** What the button is for, where its content does not say so in words. */
  name: string;
  button: ComponentChildren;
  buttonClass: string;
  disabled?: boolean;
  children: ComponentChildren;
}>;

/**
 * A button with a menu. The browser itself closes it on Escape or a press elsewhere and gives the
 * focus back; arrow keys, Home, End and first letters move inside.
 */
export function Menu({ name, button, buttonClass, disabled, children }: MenuProps): JSX.Element {
  const id = useId();
  const popup = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        class={buttonClass}
        popovertarget={id}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={name}
        title={name}
        disabled={disabled === true}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          if (!open) event.currentTarget.click();
        }}
      >
        {button}
      </button>
      <div
        id={id}
        ref={popup}
        popover="auto"
        role="menu"
        aria-label={name}
        class="menu"
        onBeforeToggle={(event) => {
          // By this the browser gives the focus as it opens: the event after that comes too late for quick keys.
          if (event.newState === 'open') markFirst(event.currentTarget);
        }}
        onToggle={(event) => setOpen(event.newState === 'open')}
        onKeyDown={moveInside}
        onClick={() => popup.current?.hidePopover()}
      >
        {children}
      </div>
    </>
  );
}

type MenuItemProps = Readonly<{
  children: ComponentChildren;
  onPick: () => void;
  /** For one of several that exclude each other: whether it is the one. */
  checked?: boolean;
  disabled?: boolean;
}>;

/** One choice of a {@link Menu}. */
export function MenuItem({ children, onPick, checked, disabled }: MenuItemProps): JSX.Element {
  const role = checked === undefined ? 'menuitem' : 'menuitemradio';
  return (
    <button
      type="button"
      class="menu-item"
      role={role}
      tabIndex={-1}
      aria-checked={checked}
      disabled={disabled === true}
      onClick={onPick}
      onPointerMove={(event) => event.currentTarget.focus()}
    >
      {children}
    </button>
  );
}

function markFirst(menu: HTMLElement): void {
  for (const [index, item] of itemsOf(menu).entries())
    item.toggleAttribute('autofocus', index === 0);
}

function itemsOf(menu: HTMLElement): readonly HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>('.menu-item:not(:disabled)')];
}

function moveInside(event: TargetedKeyboardEvent<HTMLDivElement>): void {
  const menu = event.currentTarget;
  if (event.key === 'Tab') {
    menu.hidePopover();
    return;
  }
  const items = itemsOf(menu);
  const target = targetOf(event.key, items);
  if (target === undefined) return;
  event.preventDefault();
  target.focus();
}

function targetOf(key: string, items: readonly HTMLElement[]): HTMLElement | undefined {
  const at = items.findIndex((item) => item === document.activeElement);
  switch (key) {
    case 'ArrowDown':
      return items[(at + 1) % items.length];
    case 'ArrowUp':
      return items.at(at <= 0 ? -1 : at - 1);
    case 'Home':
      return items[0];
    case 'End':
      return items.at(-1);
    default:
      return key.length === 1 && key !== ' ' ? startingWith(key, items, at) : undefined;
  }
}

function startingWith(
  letter: string,
  items: readonly HTMLElement[],
  at: number,
): HTMLElement | undefined {
  const ahead = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  return ahead.find(({ textContent }) =>
    textContent.trim().toLowerCase().startsWith(letter.toLowerCase()),
  );
}
