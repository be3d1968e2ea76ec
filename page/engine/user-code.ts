/** Runs the text of the editor as a module. */
import { transform } from 'sucrase'
import * as explorer from '../../src/scenario.ts'
import * as store from '../../src/store/index.ts'
import * as sync from '../../src/sync/index.ts'
import { FILE } from './file.ts'
import * as lab from './lab.ts'
import type { Trouble } from './messages.ts'

/** What the text can import. */
const MODULES: Readonly<Record<string, object>> = {
  racelab: store,
  'racelab/sync': sync,
  'racelab/explore': explorer,
  'racelab/lab': lab,
}

/** The text cannot be run. */
export class CodeError extends Error implements Trouble {
  readonly line: number | undefined

  constructor(message: string, line: number | undefined) {
    super(message)
    this.line = line
  }
}

/** Runs the text, without its types, and returns what it exports. Lines stay lines. Throws CodeError. */
export function moduleOf(code: string): object {
  const made = { exports: {} as object }
  const body = `(function (require, module, exports) {${withoutTypes(code)}\n})\n//# sourceURL=${FILE}`
  try {
    // Indirect, so that the text sees the globals only.
    const run = (0, eval)(body) as (load: typeof imported, module: object, exports: object) => void
    run(imported, made, made.exports)
  } catch (thrown) {
    if (thrown instanceof CodeError) throw thrown
    throw new CodeError(String(thrown), lineOf(thrown))
  }
  return made.exports
}

function withoutTypes(code: string): string {
  try {
    return transform(code, { transforms: ['typescript', 'imports'], disableESTransforms: true }).code
  } catch (thrown) {
    const { message, loc } = thrown as Error & { readonly loc?: { readonly line: number } }
    throw new CodeError(message.replace(/ \(\d+:\d+\)$/, ''), loc?.line)
  }
}

function imported(name: string): object {
  const module = MODULES[name]
  if (module !== undefined) return module
  throw new CodeError(`There is no module "${name}" here: import from ${Object.keys(MODULES).join(', ')}.`, undefined)
}

/** Returns the line of the text at which an error was made. */
export function lineOf(thrown: unknown): number | undefined {
  const stack = thrown instanceof Error ? thrown.stack : undefined
  const line = new RegExp(`${FILE.replace('.', String.raw`\.`)}:(\\d+)`).exec(stack ?? '')?.[1]
  return line === undefined ? undefined : Number(line)
}
