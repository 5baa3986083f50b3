import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { qrPicture } from '../model/qr.ts';

/** A link as a QR code: dark on white in every theme, or no camera reads it. */
export function Qr({ link, name }: { link: string; name: string }): JSX.Element | null {
  const picture = useMemo(() => qrPicture(link), [link]);
  if (picture === null) return null;
  return (
    <svg
      class="qr"
      viewBox={`0 0 ${picture.size} ${picture.size}`}
      shape-rendering="crispEdges"
      role="img"
      aria-label={name}
    >
      <path d={picture.path} />
    </svg>
  );
}
