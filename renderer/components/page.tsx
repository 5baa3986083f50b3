import type { ComponentChildren, JSX, RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { awaitReply, useApp } from '../state.ts';
import { texts } from '../texts/en.ts';
import { BackIcon, HideIcon } from './icons.tsx';

type PageProps = Readonly<{
  title: string;
  /** Buttons beside the title. */
  actions?: ComponentChildren;
  /** Omitted on the first page. */
  onBack?: () => void;
  children: ComponentChildren;
}>;

/** A view under its title. */
export function Page({ title, actions, onBack, children }: PageProps): JSX.Element {
  const heading = useFocusedTitle();
  return (
    <>
      <Bar actions={actions}>
        {onBack !== undefined && (
          <IconButton name={texts.back} onPress={onBack}>
            <BackIcon />
          </IconButton>
        )}
        <h1 ref={heading} tabIndex={-1} class="title">
          {title}
        </h1>
      </Bar>
      <main class="page">{children}</main>
    </>
  );
}

/** The title bar of a view. For a frameless window it is the drag handle and has a button to hide it. */
export function Bar({
  actions,
  children,
}: {
  actions: ComponentChildren;
  children: ComponentChildren;
}): JSX.Element {
  const state = useApp();
  const isPanel = state.snapshot.value?.shell.tray === true;
  return (
    <header class={isPanel ? 'bar handle' : 'bar'}>
      {children}
      <div class="bar-end">
        {actions}
        {isPanel && (
          <IconButton
            name={texts.hide}
            onPress={() => void awaitReply(state, state.keyfob.hideWindow())}
          >
            <HideIcon />
          </IconButton>
        )}
      </div>
    </header>
  );
}

/**
 * For a view's title: takes the focus when the view opens, so that screen readers start there, unless a field
 * in the view has taken it.
 */
export function useFocusedTitle(): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    const isTaken = document.activeElement?.closest('main') !== null;
    if (!isTaken) heading.current?.focus({ preventScroll: true });
  }, []);
  return heading;
}

/**
 * For a heading that appears when a view changes: takes the focus, unless an element that is still there has it.
 */
export function useFocusedHeading(): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    const at = document.activeElement;
    const isFree = at === null || at === document.body || at.matches('h1');
    if (isFree) heading.current?.focus({ preventScroll: true });
  }, []);
  return heading;
}

type IconButtonProps = Readonly<{ name: string; onPress: () => void; children: ComponentChildren }>;

/** An icon button; its name is also its tooltip. */
export function IconButton({ name, onPress, children }: IconButtonProps): JSX.Element {
  return (
    <button type="button" class="icon-button" aria-label={name} title={name} onClick={onPress}>
      {children}
    </button>
  );
}

/** Navigates to the accounts view. */
export function useGoHome(): () => void {
  const { route } = useApp();
  return () => {
    route.value = { view: 'accounts' };
  };
}
