/** What racelab uses of node:util: kinds of values, by their tags, and how a value is shown. */
const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1)
const is =
  (...tags: readonly string[]) =>
  (value: unknown): boolean =>
    typeof value === 'object' && value !== null && tags.includes(tagOf(value))
const isFunctionOf =
  (tag: string) =>
  (value: unknown): boolean =>
    typeof value === 'function' && tagOf(value) === tag

export const types = {
  isArrayBuffer: is('ArrayBuffer'),
  isSharedArrayBuffer: is('SharedArrayBuffer'),
  isDataView: is('DataView'),
  isDate: is('Date'),
  isMap: is('Map'),
  isSet: is('Set'),
  isPromise: is('Promise'),
  isRegExp: is('RegExp'),
  isGeneratorObject: is('Generator', 'AsyncGenerator'),
  isModuleNamespaceObject: is('Module'),
  isNativeError: (value: unknown): boolean => value instanceof Error,
  isBoxedPrimitive: is('Number', 'String', 'Boolean', 'BigInt', 'Symbol'),
  isAsyncFunction: isFunctionOf('AsyncFunction'),
  isGeneratorFunction: (value: unknown): boolean =>
    isFunctionOf('GeneratorFunction')(value) || isFunctionOf('AsyncGeneratorFunction')(value),
  /** A browser does not tell. What is decided by this is decided as in Node for a value that is none. */
  isProxy: (): boolean => false,
}

const DEEPEST = 3

export function inspect(value: unknown, _options?: object): string {
  return show(value, 0, new Set())
}

function show(value: unknown, depth: number, within: Set<object>): string {
  if (typeof value === 'string') return depth === 0 ? `'${value}'` : `'${value}'`
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function') return `[Function ${value.name || '(anonymous)'}]`
  if (typeof value !== 'object' || value === null) return String(value)
  if (value instanceof Error) return value.stack ?? String(value)
  if (within.has(value)) return '[Circular]'
  if (depth >= DEEPEST) return `[${tagOf(value)}]`
  const inner = new Set([...within, value])
  const each = (part: unknown): string => show(part, depth + 1, inner)
  if (Array.isArray(value)) return `[ ${value.map((part) => each(part)).join(', ')} ]`.replace('[  ]', '[]')
  if (value instanceof Map)
    return `Map(${value.size}) { ${[...value].map(([key, part]) => `${each(key)} => ${each(part)}`).join(', ')} }`
  if (value instanceof Set) return `Set(${value.size}) { ${[...value].map((part) => each(part)).join(', ')} }`
  if (ArrayBuffer.isView(value)) return `${tagOf(value)} [ ${[...(value as Uint8Array)].join(', ')} ]`
  const parts = Object.entries(value).map(([key, part]) => `${key}: ${each(part)}`)
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`
}

export function format(...args: readonly unknown[]): string {
  return args.map((each) => (typeof each === 'string' ? each : inspect(each))).join(' ')
}

export function isDeepStrictEqual(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (tagOf(one) !== tagOf(other) || Object.getPrototypeOf(one) !== Object.getPrototypeOf(other)) return false
  if (one instanceof Map) return isDeepStrictEqual([...one], [...(other as Map<unknown, unknown>)])
  if (one instanceof Set) return isDeepStrictEqual([...one], [...(other as Set<unknown>)])
  const keys = Object.keys(one)
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isDeepStrictEqual(Reflect.get(one, key), Reflect.get(other, key)))
  )
}

export default { types, inspect, format, isDeepStrictEqual }
