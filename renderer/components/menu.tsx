import type { ComponentChildren, JSX, TargetedKeyboardEvent } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';

type MenuProps = Readonly<{
  /** The accessible name of the button and the menu. */
  name: string;
  button: ComponentChildren;
  buttonClass: string;
  disabled?: boolean;
  children: ComponentChildren;
}>;

/**
 * A button with a menu. It is a popover, so the browser closes it on Escape or an outside click and restores
 * the focus. Arrow keys, Home, End and first letters move within it.
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
          // The browser focuses the `autofocus` item as it opens; the toggle event would be too late for fast key presses.
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
  /** For a radio item: whether it is the checked one. */
  checked?: boolean;
  disabled?: boolean;
}>;

/** An item of a {@link Menu}. */
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
