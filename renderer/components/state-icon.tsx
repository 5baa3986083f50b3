import type { JSX } from 'preact';
import {
  AlertIcon,
  CheckIcon,
  ClockIcon,
  HeldIcon,
  LockIcon,
  OfflineIcon,
  OutIcon,
  TurningIcon,
} from './icons.tsx';

/** The icon of an account's state, by the badge's shape. */
export function StateIcon({ shape }: { shape: string | undefined }): JSX.Element {
  switch (shape) {
    case 'check':
      return <CheckIcon />;
    case 'held':
      return <HeldIcon />;
    case 'turning':
      return <TurningIcon />;
    case 'offline':
      return <OfflineIcon />;
    case 'lock':
      return <LockIcon />;
    case 'out':
      return <OutIcon />;
    case 'clock':
      return <ClockIcon />;
    default:
      return <AlertIcon />;
  }
}
