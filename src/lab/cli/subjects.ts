/** Finds what `lab explore` and `lab replay` run: the variants of a bug, or the scenario in a user's file. */
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parse } from 'acorn'
import type { ThreadLesson } from '../lessons/lesson.ts'
import { threadLessons, findThreadLesson, findVariant, lessons } from '../lessons/index.ts'
import { RacelabError } from '../../errors.ts'
import { loadWithGlobalsReplaced } from '../../explore/globals/install.ts'
import { lineOfThrown } from '../../explore/run/thrown.ts'
import { exportedScenario, importModule, scenarioExports } from '../../explore/scenario-export.ts'
import type { OperationsScenario, Scenario } from '../../scenario.ts'
import type { ScenarioSource } from '../load-source.ts'
import { COMMAND } from './command.ts'

/** A scenario to explore or to replay. */
export interface Subject {
  readonly scenario: Scenario | OperationsScenario
  readonly variant: string | null
  /** The name of the bug and the variant in a token; empty for a file, which the user names beside the token. */
  readonly id: string
  /** Where the threads of a replay find the scenario. */
  readonly source: ScenarioSource
  /** Whether the variant is declared sound; undefined for a file, which declares nothing. */
  readonly sound: boolean | undefined
}

/** The code of NoScenarioError, which comes from the explorer's process as text. */
export const NO_SCENARIO = 'ERR_RACELAB_NO_SCENARIO'

/** The target's file cannot be loaded. */
export class LoadError extends RacelabError {
  readonly code = 'ERR_RACELAB_LOAD'
}

/** The target has no scenario. */
export class NoScenarioError extends RacelabError {
  readonly code = NO_SCENARIO
}

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
  if (!isFile(target)) return work(subjectsOfBug(target, variant))
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
  return isFile(target)
    ? [subjectOfModule(target, await load(target), variant ?? 'default')]
    : subjectsOfBug(target, variant)
}

/** Returns the subject that a token names, for example `lost-update/buggy`. Throws UnknownNameError or NoScenarioError. */
export function subjectOfId(id: string): Subject {
  const [bug = '', variant = ''] = id.split('/')
  const [subject] = subjectsOfLesson(findThreadLesson(bug), variant)
  return subject!
}

function isFile(target: string): boolean {
  return !threadLessons.some(({ name }) => name === target) && (/\.[cm]?[jt]s$/.test(target) || existsSync(target))
}

function subjectsOfBug(target: string, variant: string | undefined): Subject[] {
  if (lessons.some(({ name }) => name === target) && !threadLessons.some(({ name }) => name === target)) {
    throw new NoScenarioError(`${target} takes a real server and has no scenario. Run it: ${COMMAND} --bug ${target}`)
  }
  return subjectsOfLesson(findThreadLesson(target), variant)
}

function subjectsOfLesson(lesson: ThreadLesson, name: string | undefined): Subject[] {
  const { scenario } = lesson
  if (scenario === undefined) throw new NoScenarioError(`The bug ${lesson.name} has no scenario to explore.`)
  const chosen = name === undefined ? lesson.variants : [findVariant(lesson, name)]
  return chosen.map((variant) => ({
    scenario: scenario(variant.name),
    variant: variant.name,
    id: `${lesson.name}/${variant.name}`,
    source: { kind: 'bug', bug: lesson.name, variant: variant.name },
    sound: variant.sound,
  }))
}

/** Node takes a .js file for CommonJS where the nearest package.json does not say otherwise. */
const MODULE_HINT = '. Name it .mjs, or write "type": "module" into package.json.'

async function load(target: string): Promise<object> {
  const file = resolve(target)
  if (!existsSync(file)) throw new NoScenarioError(`There is no file ${target} and no bug of that name.`)
  try {
    return await importModule(pathToFileURL(file).href)
  } catch (error) {
    const [line = '', detail = ''] = String(error instanceof Error ? error.message : error).split('\n')
    const hint = /^Unexpected token 'export'|^Cannot use import statement/.test(line) ? MODULE_HINT : ''
    // An error in TypeScript has its line in its message.
    const where = hint === '' && !/:\d+:\d+/.test(line + detail) ? lineOf(error, file) : ''
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
