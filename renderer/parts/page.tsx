import type { ComponentChildren, JSX, RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useApp } from '../state.ts';
import { texts } from '../texts.en.ts';
import { BackIcon } from './icons.tsx';

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
  const heading = useTitle();
  return (
    <>
      <header class="bar">
        {onBack !== undefined && (
          <IconButton name={texts.back} onPress={onBack}>
            <BackIcon />
          </IconButton>
        )}
        <h1 ref={heading} tabIndex={-1} class="title">
          {title}
        </h1>
        {actions}
      </header>
      <main class="page">{children}</main>
    </>
  );
}

/**
 * For a view's title: it takes the focus when the view comes to the front, so that a reader starts there,
 * unless something in the view has taken it: a field to type in.
 */
export function useTitle(): RefObject<HTMLHeadingElement | null> {
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
export function useTurn(): RefObject<HTMLHeadingElement | null> {
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
export function useHome(): () => void {
  const { route } = useApp();
  return () => {
    route.value = { view: 'accounts' };
  };
}
