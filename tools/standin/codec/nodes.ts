/** An index into the list of nodes. Values refer to each other by index, so cycles and shared objects survive. */
export type Index = number;

/** One value of a packed message. Plain values are stored as they are; the others carry a type tag. */
export type WireNode =
  | null
  | boolean
  | string
  | number
  | readonly ['undefined']
  | readonly ['number', text: string]
  | readonly ['bigint', text: string]
  | readonly ['date', ms: number | null]
  | readonly ['regexp', source: string, flags: string]
  | readonly ['buffer', base64: string]
  | readonly ['view', type: string, base64: string]
  | readonly ['error', name: string, message: string, stack: string]
  | readonly ['boxed', value: Index]
  | readonly ['array', items: readonly Index[]]
  | readonly ['map', pairs: readonly (readonly [key: Index, value: Index])[]]
  | readonly ['set', items: readonly Index[]]
  | readonly ['object', entries: readonly (readonly [key: string, value: Index])[]];
