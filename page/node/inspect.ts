/** How a value is shown: `inspect` and `format` of node:util, on one line. */
import { isNative, types } from './kinds.ts'

const CUSTOM = Symbol.for('nodejs.util.inspect.custom')
const MOST_ELEMENTS = 100
const IDENTIFIER = /^[a-z_]\w*$/i

interface Options {
  /** How deep objects are shown; default 2. */
  readonly depth?: number | null
  readonly maxArrayLength?: number | null
}

/** Where a value stands: how many levels may follow, and the objects around it. */
interface Place {
  readonly left: number
  readonly around: readonly object[]
  readonly options: Options
}

export function inspect(value: unknown, options: Options = {}): string {
  return show(value, { left: options.depth ?? (options.depth === null ? Infinity : 2), around: [], options })
}

function show(value: unknown, place: Place): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'bigint') return `${value}n`
  if (Object.is(value, -0)) return '-0'
  if (typeof value !== 'function' && (typeof value !== 'object' || value === null)) return String(value)
  if (place.around.includes(value)) return '[Circular *1]'
  const own: unknown = Reflect.get(value, CUSTOM)
  if (typeof own === 'function') return shownBySelf(value, own, place)
  const name = nameOf(value)
  const { start, open, close, parts } = insideOf(value, name, place)
  const inner = { ...place, left: place.left - 1, around: [...place.around, value] }
  if (place.left < 0) return Array.isArray(value) ? '[Array]' : `[${name}]`
  const shown = [...parts(inner), ...propertiesOf(value, inner)]
  if (shown.length > 0) return `${start}${open} ${shown.join(', ')} ${close}`
  return typeof value === 'function' || isPlainText(value) ? start.trimEnd() : `${start}${open}${close}`
}

/** A value may say how it is shown: views of shared memory do so during an exploration. */
function shownBySelf(value: object, own: Function, { left, options }: Place): string {
  const shown: unknown = Reflect.apply(own, value, [left, { ...options, stylize: String }, inspect])
  return typeof shown === 'string' ? shown : inspect(shown, options)
}

/** What stands before the properties, and the parts that an object has besides them. */
interface Inside {
  readonly start: string
  readonly open: string
  readonly close: string
  readonly parts: (inner: Place) => string[]
}

function insideOf(value: object, name: string, { options }: Place): Inside {
  const braces = { open: '{', close: '}', parts: () => [] }
  if (typeof value === 'function') return { ...braces, start: `${functionText(value, name)} ` }
  if (Array.isArray(value)) return listOf(value, name === 'Array' ? '' : `${name}(${value.length}) `, options)
  if (types.isMap(value)) {
    const map = value as Map<unknown, unknown>
    const parts = (inner: Place): string[] =>
      [...map].map(([key, each]) => `${show(key, inner)} => ${show(each, inner)}`)
    return { ...braces, start: `${name}(${map.size}) `, parts }
  }
  if (types.isSet(value)) {
    const set = value as Set<unknown>
    return { ...braces, start: `${name}(${set.size}) `, parts: (inner) => [...set].map((each) => show(each, inner)) }
  }
  if (ArrayBuffer.isView(value) && !types.isDataView(value)) {
    const view = value as Uint8Array
    return listOf([...view], `${name}(${view.length}) `, options)
  }
  if (isPlainText(value)) return { ...braces, start: `${plainText(value)} ` }
  return { ...braces, start: name === 'Object' ? '' : `${name} ` }
}

function listOf(elements: readonly unknown[], start: string, { maxArrayLength = MOST_ELEMENTS }: Options): Inside {
  const most = maxArrayLength ?? Infinity
  const more = elements.length - most
  const rest = more > 0 ? [`... ${more} more item${more === 1 ? '' : 's'}`] : []
  const parts = (inner: Place): string[] => [
    ...elements.slice(0, most).map((element, index) => (index in elements ? show(element, inner) : '<empty item>')),
    ...rest,
  ]
  return { start, open: '[', close: ']', parts }
}

/** Objects that are shown as a text of their own. */
function isPlainText(value: object): boolean {
  const { isNativeError, isDate, isRegExp, isBoxedPrimitive } = types
  return [isNativeError, isDate, isRegExp, isBoxedPrimitive].some((isKind) => isKind(value))
}

function plainText(value: object): string {
  if (types.isNativeError(value)) return (value as Error).stack ?? Error.prototype.toString.call(value)
  if (types.isDate(value)) return Number.isNaN(Number(value)) ? 'Invalid Date' : (value as Date).toISOString()
  if (types.isRegExp(value)) return RegExp.prototype.toString.call(value)
  return `[${nameOf(value)}: ${show(value.valueOf(), { left: 0, around: [], options: {} })}]`
}

function functionText(value: Function, name: string): string {
  const isClass = /^class\b/.test(Function.prototype.toString.call(value))
  return `[${isClass ? 'class' : name}${value.name === '' ? ' (anonymous)' : `${isClass ? '' : ':'} ${value.name}`}]`
}

function nameOf(value: object): string {
  if (Object.getPrototypeOf(value) === null) return '[Object: null prototype]'
  const { constructor } = value
  return typeof constructor === 'function' && constructor.name !== '' ? constructor.name : 'Object'
}

function propertiesOf(value: object, inner: Place): string[] {
  const isList = Array.isArray(value) || ArrayBuffer.isView(value) || types.isStringObject(value)
  const keys = Reflect.ownKeys(value).filter((key) => {
    if (isList && typeof key === 'string' && /^\d+$/.test(key)) return false
    return Object.prototype.propertyIsEnumerable.call(value, key)
  })
  return keys.map((key) => `${keyText(key)}: ${propertyText(value, key, inner)}`)
}

function keyText(key: PropertyKey): string {
  if (typeof key === 'symbol') return `[${String(key)}]`
  return IDENTIFIER.test(String(key)) ? String(key) : quoted(String(key))
}

/** A getter is not called. */
function propertyText(value: object, key: PropertyKey, inner: Place): string {
  const { get, set, value: held } = Object.getOwnPropertyDescriptor(value, key)!
  if (get === undefined && set === undefined) return show(held, inner)
  return `[${[get && 'Getter', set && 'Setter'].filter(Boolean).join('/')}]`
}

/** In the quotes that need no escape, if there are such. */
function quoted(text: string): string {
  const quote = ["'", '"', '`'].find((each) => !text.includes(each)) ?? "'"
  const escaped = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"')
  return `${quote}${quote === "'" && text.includes("'") ? escaped.replaceAll("'", String.raw`\'`) : escaped}${quote}`
}

/** Whether code, and not the language, says how an object is written. */
function hasOwnText(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const text: unknown = Reflect.get(value, 'toString')
  return typeof text === 'function' && !isNative(text)
}

type Directive = (arg: unknown) => string

const DIRECTIVES: Readonly<Record<string, Directive>> = {
  s: (arg) => (typeof arg === 'string' || hasOwnText(arg) ? String(arg) : inspect(arg, { depth: 0 })),
  d: (arg) => (typeof arg === 'bigint' ? `${arg}n` : String(typeof arg === 'object' ? Number.NaN : Number(arg))),
  i: (arg) => (typeof arg === 'bigint' ? `${arg}n` : String(Number.parseInt(String(arg), 10))),
  f: (arg) => String(Number.parseFloat(String(arg))),
  j: (arg) => JSON.stringify(arg) ?? 'undefined',
  o: (arg) => inspect(arg, { depth: 4 }),
  O: (arg) => inspect(arg),
  c: () => '',
}

/** As console.log puts its arguments together. */
export function format(...args: readonly unknown[]): string {
  const [first, ...rest] = args
  if (typeof first !== 'string') return args.map(plain).join(' ')
  const left = [...rest]
  const text = first.replaceAll(/%([sdifjoOc%])/g, (whole, letter: string) => {
    if (letter === '%') return rest.length === 0 ? whole : '%'
    return left.length === 0 ? whole : DIRECTIVES[letter]!(left.shift())
  })
  return [text, ...left.map(plain)].join(' ')
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : inspect(value)
}

/** Returns a text without its colours. */
export function stripVTControlCharacters(text: string): string {
  return text.replaceAll(COLOURS, '')
}

const COLOURS = new RegExp(String.raw`\u001B\[[\d;]*m`, 'g')
