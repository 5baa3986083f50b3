import type { JSX } from 'preact';
import type { CopyFormat } from '../../../preload/contract.ts';
import { ChevronIcon, CopyIcon } from '../../components/icons.tsx';
import { Menu, MenuItem } from '../../components/menu.tsx';
import { texts } from '../../texts/en.ts';

const FORMATS: readonly CopyFormat[] = ['token', 'header', 'env', 'curl', 'json'];

type CopyButtonProps = Readonly<{
  label: string;
  disabled: boolean;
  onCopy: (format: CopyFormat) => void;
}>;

/** Copies the token; the menu beside it offers other formats. */
export function CopyButton({ label, disabled, onCopy }: CopyButtonProps): JSX.Element {
  return (
    <div class="split">
      <button
        type="button"
        class="button tinted"
        disabled={disabled}
        aria-label={texts.accounts.copyToken(label)}
        title={texts.accounts.copyToken(label)}
        onClick={() => onCopy('token')}
      >
        <CopyIcon />
        {texts.accounts.copy}
      </button>
      <Menu
        name={texts.accounts.copyAs(label)}
        button={<ChevronIcon />}
        buttonClass="button tinted"
        disabled={disabled}
      >
        {FORMATS.map((format) => (
          <MenuItem key={format} onPick={() => onCopy(format)}>
            {texts.accounts.formats[format]}
          </MenuItem>
        ))}
      </Menu>
    </div>
  );
}
