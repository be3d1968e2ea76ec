/** Options are known by name. Without TypeScript, one that is misspelt would count for nothing, and nobody would know. */
import { OptionsError } from './errors.ts'

/** The names of all options: adding one to its type and not here does not compile. */
export type Known<Options> = { readonly [Name in keyof Required<Options>]: true }

/** Throws OptionsError unless the options of `what` are an object, of known names only. */
export function checkOptions<Options extends object>(what: string, options: Options, known: Known<Options>): void {
  // A Map, such as the metadata by itself, is an object without any names.
  if (typeof options !== 'object' || options === null || Symbol.iterator in options)
    throw new OptionsError(
      `The options of ${what} are of type ${typeOf(options)}; they must be an object`,
      Object.keys(known),
    )
  for (const name in options)
    if (known[name] !== true)
      throw new OptionsError(`There is no option ${JSON.stringify(name)} of ${what}`, Object.keys(known))
}

/** String, Null, Map: more than `typeof` knows. */
function typeOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1)
}
