/** The check of option names. In plain JavaScript, a misspelt option would otherwise be ignored without an error. */
import { shown, typeName } from '../errors.ts'
import { OptionsError } from './errors.ts'

/** The names of all options of a type. A name that is in the type but not here is a compile error. */
export type Known<Options> = { readonly [Name in keyof Required<Options>]: true }

/** Throws OptionsError unless `options`, those of the function or class `what`, is an object with known names only. */
export function checkOptions<Options extends object>(what: string, options: Options, known: Known<Options>): void {
  // A Map, such as the metadata passed by mistake, is an object without names.
  if (typeof options !== 'object' || options === null || Symbol.iterator in options)
    throw new OptionsError(
      `The options of ${what} are of type ${typeName(options)}; they must be an object`,
      Object.keys(known),
    )
  for (const name in options)
    if (known[name] !== true)
      throw new OptionsError(`There is no option ${JSON.stringify(name)} of ${what}`, Object.keys(known))
}

/** Throws OptionsError unless the option `name` is undefined or a number from 0 on; Infinity is one. */
export function checkNumber<Options>(name: keyof Options & string, value: unknown, known: Known<Options>): void {
  if (value !== undefined && (typeof value !== 'number' || !(value >= 0)))
    throw new OptionsError(`${name} is ${shown(value)}; it must be a number from 0 on`, Object.keys(known))
}

/** Throws OptionsError unless the option `name` is undefined, true or false. */
export function checkBoolean<Options>(name: keyof Options & string, value: unknown, known: Known<Options>): void {
  if (value !== undefined && typeof value !== 'boolean')
    throw new OptionsError(`${name} is ${shown(value)}; it must be true or false`, Object.keys(known))
}

/** Throws OptionsError unless the option `name` is undefined or a function. */
export function checkFunction<Options>(name: keyof Options & string, value: unknown, known: Known<Options>): void {
  if (value !== undefined && typeof value !== 'function')
    throw new OptionsError(`${name} is ${shown(value)}; it must be a function`, Object.keys(known))
}
