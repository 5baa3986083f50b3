import type { ComponentChildren, JSX, RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { awaitReply, useApp } from '../state.ts';
import { texts } from '../texts/en.ts';
import { BackIcon, HideIcon } from './icons.tsx';

type PageProps = Readonly<{
  title: string;
  /** Beside the title: what can be done with the page as a whole. */
  actions?: ComponentChildren;
  /** Without: the first page, from which no way leads back. */
  onBack?: () => void;
  children: ComponentChildren;
}>;

/** One view under its title. */
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

/** The head of a view. Where the window has no frame, it is moved by it and put away by a button in it. */
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
 * For a view's title: it takes the focus when the view comes to the front, so that a reader starts there,
 * unless something in the view has taken it: a field to type in.
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
 * For the heading of what a view turns into: it takes the focus when it appears, unless the person is
 * at something that is still there.
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

/** A button that is an icon; its name is its tooltip too. */
export function IconButton({ name, onPress, children }: IconButtonProps): JSX.Element {
  return (
    <button type="button" class="icon-button" aria-label={name} title={name} onClick={onPress}>
      {children}
    </button>
  );
}

/** Leads back to the accounts. */
export function useGoHome(): () => void {
  const { route } = useApp();
  return () => {
    route.value = { view: 'accounts' };
  };
}
