/** What `lab explore` and `lab replay` are asked to look at: a bug's variants, or a scenario in somebody's file. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Bug } from '../lessons/bug.ts'
import { bugs, findBug, findVariant, lessons } from '../lessons/index.ts'
import { RacelabError } from '../../errors.ts'
import { loadWithGlobalsReplaced } from '../../explore/control/install.ts'
import { exportedScenario, importModule } from '../../explore/scenario-export.ts'
import type { ScenarioSource } from '../../explore/replay/threads.ts'
import type { Scenario } from '../../scenario.ts'
import { COMMAND } from './command.ts'

export interface Subject {
  readonly scenario: Scenario
  readonly variant: string | null
  /** What a token says that it belongs to; empty for a file, which is named beside the token. */
  readonly id: string
  /** Where the threads of a replay find it. */
  readonly source: ScenarioSource
  /** Whether the variant is declared to hold; undefined for files, which declare nothing. */
  readonly sound: boolean | undefined
}

export class NoScenarioError extends RacelabError {
  readonly code = 'ERR_RACELAB_NO_SCENARIO'
}

/** Finds a bug of the lab by its name, else a file. What `work` gets stays under control until it has returned. */
export async function withSubjects<Result>(
  target: string,
  variant: string | undefined,
  work: (subjects: readonly Subject[]) => Result | Promise<Result>,
): Promise<Result> {
  if (lessons.some(({ name }) => name === target) && !bugs.some(({ name }) => name === target)) {
    throw new NoScenarioError(
      `${target} takes a real server and cannot be explored. Run it: ${COMMAND} --bug ${target}`,
    )
  }
  if (!isFile(target)) return work(subjectsOfBug(findBug(target), variant))
  const { module, release } = await loadWithGlobalsReplaced(() => load(target))
  try {
    return await work([subjectOfModule(target, module, variant)])
  } finally {
    release()
  }
}

/** The subject that a token names: `lost-update/buggy`. */
export function subjectOfId(id: string): Subject {
  const [bug = '', variant = ''] = id.split('/')
  const [subject] = subjectsOfBug(findBug(bug), variant)
  return subject as Subject
}

function isFile(target: string): boolean {
  return !bugs.some(({ name }) => name === target) && (/\.[cm]?[jt]s$/.test(target) || existsSync(target))
}

function subjectsOfBug(bug: Bug, name: string | undefined): Subject[] {
  const { scenario } = bug
  if (scenario === undefined) throw new NoScenarioError(`The bug ${bug.name} has no scenario to explore yet.`)
  const chosen = name === undefined ? bug.variants : [findVariant(bug, name)]
  return chosen.map((variant) => ({
    scenario: scenario(variant.name),
    variant: variant.name,
    id: `${bug.name}/${variant.name}`,
    source: { kind: 'bug', bug: bug.name, variant: variant.name },
    sound: variant.sound,
  }))
}

async function load(target: string): Promise<object> {
  const file = resolve(target)
  if (!existsSync(file)) throw new NoScenarioError(`There is no file ${target}, and no bug of that name.`)
  try {
    return await importModule(pathToFileURL(file).href)
  } catch (error) {
    const [line = '', detail = ''] = String(error instanceof Error ? error.message : error).split('\n')
    throw new NoScenarioError(`${target} cannot be loaded: ${line.endsWith(':') ? `${line} ${detail}` : line}`, {
      cause: error,
    })
  }
}

/** The default export; with a variant, the export of that name. */
function subjectOfModule(target: string, module: object, variant: string | undefined): Subject {
  const found = exportedScenario(module, variant ?? 'default')
  if (found === undefined) {
    const what = variant === undefined ? 'default export' : `export "${variant}"`
    throw new NoScenarioError(`${target} has no scenario as its ${what}: an object with name, memory and actors.`)
  }
  const file = resolve(target)
  return {
    scenario: found,
    variant: variant ?? null,
    id: '',
    source: { kind: 'file', url: pathToFileURL(file).href, name: variant ?? 'default' },
    sound: undefined,
  }
}
