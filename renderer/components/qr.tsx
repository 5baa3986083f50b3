import type { JSX } from 'preact';
import type { QrCode } from '../model/qr.ts';

type QrProps = Readonly<{ picture: QrCode; name: string }>;

/** A QR code. Dark on white in every theme, so that cameras can read it. */
export function Qr({ picture: { size, path }, name }: QrProps): JSX.Element {
  return (
    <svg
      class="qr"
      viewBox={`0 0 ${size} ${size}`}
      shape-rendering="crispEdges"
      role="img"
      aria-label={name}
    >
      <path d={path} />
    </svg>
  );
}
