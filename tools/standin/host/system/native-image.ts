import { readFileSync } from 'node:fs';
import { strictObject } from '../../strict.ts';

type Size = Readonly<{ width: number; height: number }>;

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * A PNG image: its size is read, its bytes are kept but never decoded.
 *
 * @see {@link https://www.electronjs.org/docs/latest/api/native-image}
 */
export class NativeImage {
  readonly #png: Buffer;
  readonly #size: Size;
  #isTemplate = false;

  constructor(bytes: Buffer, size = sizeOfPng(bytes)) {
    this.#png = size.width > 0 ? bytes : Buffer.alloc(0);
    this.#size = size;
  }

  get isMacTemplateImage(): boolean {
    return this.#isTemplate;
  }

  isEmpty(): boolean {
    return this.#png.length === 0;
  }

  getSize(): Size {
    return this.#size;
  }

  getAspectRatio(): number {
    return this.isEmpty() ? 1 : this.#size.width / this.#size.height;
  }

  /** Changes only the reported size; the bytes stay the same. */
  resize({ width, height }: Partial<Size>): NativeImage {
    const ratio = this.getAspectRatio();
    const size = {
      width: width ?? Math.round((height ?? this.#size.height) * ratio),
      height: height ?? Math.round((width ?? this.#size.width) / ratio),
    };
    return new NativeImage(this.#png, this.isEmpty() ? this.#size : size);
  }

  /** Images for other scale factors must be PNGs too, but are otherwise ignored. */
  addRepresentation({ buffer, dataURL }: { buffer?: Buffer; dataURL?: string }): void {
    const image = dataURL === undefined ? createFromBuffer(buffer) : createFromDataURL(dataURL);
    if (image.isEmpty()) throw new Error('electron stand-in: the representation is not a PNG');
  }

  toPNG(): Buffer {
    return this.#png;
  }

  toDataURL(): string {
    return `data:image/png;base64,${this.#png.toString('base64')}`;
  }

  setTemplateImage(isTemplate: boolean): void {
    this.#isTemplate = isTemplate;
  }

  isTemplateImage(): boolean {
    return this.#isTemplate;
  }
}

strictObject('NativeImage', NativeImage.prototype);

export const nativeImage = strictObject('nativeImage', {
  createEmpty: (): NativeImage => new NativeImage(Buffer.alloc(0)),
  createFromPath,
  createFromBuffer,
  createFromDataURL,
});

/** The image itself, or the one at a path. @throws Error with Electron's message if it can't be loaded */
export function toImage(image: NativeImage | string): NativeImage {
  if (typeof image !== 'string') return image;
  const loaded = createFromPath(image);
  if (loaded.isEmpty()) throw new Error(`Failed to load image from path '${image}'`);
  return loaded;
}

function createFromPath(path: string): NativeImage {
  try {
    return new NativeImage(readFileSync(path));
  } catch {
    // As in Electron, a path without a readable file gives an empty image.
    return new NativeImage(Buffer.alloc(0));
  }
}

function createFromBuffer(buffer: Buffer = Buffer.alloc(0)): NativeImage {
  return new NativeImage(buffer);
}

function createFromDataURL(url: string): NativeImage {
  return new NativeImage(Buffer.from(url.split(',')[1] ?? '', 'base64'));
}

function sizeOfPng(bytes: Buffer): Size {
  if (bytes.length < 24 || !bytes.subarray(0, 8).equals(pngSignature)) {
    return { width: 0, height: 0 };
  }
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}
