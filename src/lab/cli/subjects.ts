/** Finds what `lab explore` and `lab replay` run: the variants of a bug, or the scenario in a user's file. */
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parse } from 'acorn'
import { loadWithGlobalsReplaced } from '../../explore/globals/install.ts'
import { lineOfThrown } from '../../explore/run/thrown.ts'
import { importModule } from '../../explore/import-module.ts'
import { exportedScenario, scenarioExports } from '../../explore/scenario-export.ts'
import { LoadError, NoScenarioError } from './subject.ts'
import type { Subject } from './subject.ts'

/**
 * Calls `work` with the scenarios of a bug, or else of a file: those of all its variants or exports, or the one that
 * `variant` names. The globals stay replaced for the file's code until `work` has ended. Throws NoScenarioError,
 * LoadError or UnknownNameError.
 */
export async function withSubjects<Result>(
  target: string,
  variant: string | undefined,
  work: (subjects: readonly Subject[]) => Result | Promise<Result>,
): Promise<Result> {
  if (!(await isFile(target))) return work((await bugs()).subjectsOfBug(target, variant))
  const { module, release } = await loadWithGlobalsReplaced(() => load(target))
  try {
    const names = variant === undefined ? namesIn(target, module) : [variant]
    return await work(names.map((name) => subjectOfModule(target, module, name)))
  } finally {
    release()
  }
}

/**
 * Returns the scenarios of a bug, or else the one of a file that `variant` names (default: its default export). The file is
 * loaded with the globals as they are. Throws as `withSubjects` does.
 */
export async function subjectsOf(target: string, variant: string | undefined): Promise<readonly Subject[]> {
  return (await isFile(target))
    ? [subjectOfModule(target, await load(target), variant ?? 'default')]
    : (await bugs()).subjectsOfBug(target, variant)
}

/** Returns whether the target is a file and not a bug. The bugs are loaded only if its name may be that of one. */
async function isFile(target: string): Promise<boolean> {
  if (/\.[cm]?[jt]s$/.test(target)) return true
  return existsSync(target) && !(await bugs()).isBug(target)
}

/** The bugs are loaded only here, so that a file is explored sooner. */
function bugs(): Promise<typeof import('./bug-subjects.ts')> {
  return import('./bug-subjects.ts')
}

/** Returns what to do about some errors of loading, as the end of a sentence and another one. */
function hintFor(message: string): string {
  // Node takes a .js file for CommonJS where the nearest package.json does not say otherwise.
  if (/^Unexpected token 'export'|^Cannot use import statement/.test(message))
    return '. Name it .mjs, or write "type": "module" into package.json.'
  if (/^Cannot find (?:module|package) 'racelab\b/.test(message))
    return '. Install racelab in the project of the file, or put the file into a clone and run npm run build there.'
  return ''
}

async function load(target: string): Promise<object> {
  const file = resolve(target)
  if (!existsSync(file)) throw new NoScenarioError(`There is no file ${target} and no bug of that name.`)
  try {
    return await importModule(pathToFileURL(file).href)
  } catch (error) {
    const [line = '', detail = ''] = String(error instanceof Error ? error.message : error).split('\n')
    const hint = hintFor(line)
    // An error in TypeScript has its line in its message. Where a module is missing, the line is one of the loader.
    const where = hint === '' && !/:\d+:\d+|^Cannot find/.test(line + detail) ? lineOf(error, file) : ''
    throw new LoadError(
      `${target} cannot be loaded: ${line.endsWith(':') ? `${line} ${detail}` : line}${hint}${where}`,
      { cause: error },
    )
  }
}

/** Returns the line where loading the file failed, as the end of a sentence; empty if it is not known. */
function lineOf(error: unknown, file: string): string {
  const thrown = lineOfThrown(error).trim()
  if (thrown !== '') return `, ${thrown}`
  // Node keeps the line of a syntax error to itself.
  if (!(error instanceof SyntaxError) || !/\.m?js$/.test(file)) return ''
  try {
    parse(readFileSync(file, 'utf8'), { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true })
    return ''
  } catch (syntax) {
    const { loc } = syntax as { readonly loc?: { readonly line: number; readonly column: number } }
    return loc === undefined ? '' : `, at ${file}:${loc.line}:${loc.column + 1}`
  }
}

const WHAT_IT_IS = 'A scenario is an object with name, memory and actors, or operations and a model.'

/** Returns the names under which the module exports scenarios. */
function namesIn(target: string, module: object): readonly string[] {
  const names = scenarioExports(module)
  if (names.length === 0) throw new NoScenarioError(`${target} exports no scenario. ${WHAT_IT_IS}`)
  return names
}

/** Returns the scenario that the module exports under this name. */
function subjectOfModule(target: string, module: object, name: string): Subject {
  const scenario = exportedScenario(module, name)
  if (scenario === undefined) {
    const what = name === 'default' ? 'default export' : `export "${name}"`
    throw new NoScenarioError(`${target} has no scenario as its ${what}. ${WHAT_IT_IS}`)
  }
  return {
    scenario,
    variant: name === 'default' ? null : name,
    id: '',
    source: { kind: 'file', url: pathToFileURL(resolve(target)).href, name },
    sound: undefined,
  }
}
