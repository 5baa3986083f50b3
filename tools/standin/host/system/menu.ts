import { desktop } from './desktop.ts';
import { withoutStraySeparators } from './menu-separators.ts';
import { labelOfRole, runRole } from './menu-roles.ts';
import { strictEmitter } from '../app/strict-emitter.ts';
import { strictObject } from '../../strict.ts';
import { focusedWindow } from '../window/window-list.ts';

type ItemType = 'normal' | 'separator' | 'submenu' | 'checkbox' | 'radio';
type Click = (item: MenuItem, window: unknown, event: object) => void;

/** A menu entry as the app passes it. */
export type MenuItemOptions = Readonly<{
  id?: string;
  type?: ItemType;
  role?: string;
  label?: string;
  sublabel?: string;
  toolTip?: string;
  accelerator?: string;
  icon?: unknown;
  enabled?: boolean;
  visible?: boolean;
  checked?: boolean;
  submenu?: readonly (MenuItemOptions | MenuItem)[] | Menu;
  click?: Click;
}>;

const placing = ['before', 'after', 'beforeGroupContaining', 'afterGroupContaining'];

/** @see {@link https://www.electronjs.org/docs/latest/api/menu-item} */
export class MenuItem {
  readonly id: string;
  readonly type: ItemType;
  readonly role: string | undefined;
  readonly submenu: Menu | undefined;
  readonly accelerator: string | undefined;
  readonly icon: unknown;
  readonly click: (event?: object) => void;
  label: string;
  sublabel: string;
  toolTip: string;
  enabled: boolean;
  visible: boolean;
  checked: boolean;
  menu: Menu | undefined;

  /** @throws TypeError with Electron's message for an entry without label, role or type */
  constructor(options: MenuItemOptions) {
    refuseUnprovided(options);
    const { submenu, role, accelerator, icon } = options;
    if (options.label === undefined && role === undefined && options.type !== 'separator') {
      if (submenu === undefined) {
        throw new TypeError(
          'Invalid template for MenuItem: must have at least one of label, role or type',
        );
      }
    }
    this.id = options.id ?? '';
    this.type = options.type ?? (submenu === undefined ? 'normal' : 'submenu');
    this.role = role;
    this.submenu = toMenu(submenu);
    this.accelerator = accelerator;
    this.icon = icon;
    this.label = options.label ?? labelOfRole(role);
    this.sublabel = options.sublabel ?? '';
    this.toolTip = options.toolTip ?? '';
    this.enabled = options.enabled ?? true;
    this.visible = options.visible ?? true;
    this.checked = options.checked ?? false;
    this.click = (event = {}) => this.#choose(options.click, event);
  }

  #choose(click: Click | undefined, event: object): void {
    if (!this.enabled) return;
    if (this.type === 'checkbox') this.checked = !this.checked;
    if (this.type === 'radio') this.menu?._chooseRadio(this);
    if (click !== undefined) click(this, focusedWindow(), event);
    else if (this.role !== undefined) runRole(this.role);
    desktop.changed();
  }
}

strictObject('MenuItem', MenuItem.prototype);

/** @see {@link https://www.electronjs.org/docs/latest/api/menu} */
export class Menu extends strictEmitter('Menu') {
  items: MenuItem[] = [];

  static buildFromTemplate(template: readonly (MenuItemOptions | MenuItem)[]): Menu {
    const given: unknown = template; // not every app is written in TypeScript
    if (!Array.isArray(given)) {
      throw new TypeError('Invalid template for Menu: Menu template must be an array');
    }
    const menu = new Menu();
    const items = template.map((item) => (item instanceof MenuItem ? item : new MenuItem(item)));
    for (const item of withoutStraySeparators(items)) menu.append(item);
    return menu;
  }

  static setApplicationMenu(menu: Menu | null): void {
    desktop.applicationMenu = menu;
    desktop.changed();
  }

  static getApplicationMenu(): Menu | null {
    return desktop.applicationMenu;
  }

  append(item: MenuItem): void {
    this.insert(this.items.length, item);
  }

  insert(position: number, item: MenuItem): void {
    item.menu = this;
    this.items.splice(position, 0, item);
  }

  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : (item.submenu?.getMenuItemById(id) ?? null);
      if (found !== null) return found;
    }
    return null;
  }

  popup(): void {
    this.emit('menu-will-show', {});
  }

  closePopup(): void {
    this.emit('menu-will-close', {});
  }

  /** Internal to the stand-in: checks one entry of a radio group and unchecks the others. */
  _chooseRadio(chosen: MenuItem): void {
    for (const item of this.items) if (item.type === 'radio') item.checked = item === chosen;
  }
}

function toMenu(submenu: MenuItemOptions['submenu']): Menu | undefined {
  if (submenu === undefined || submenu instanceof Menu) return submenu;
  return Menu.buildFromTemplate(submenu);
}

function refuseUnprovided(options: object): void {
  const name = placing.find((key) => key in options);
  if (name === undefined) return;
  throw new Error(`electron stand-in: the menu item option '${name}' is not provided`);
}
