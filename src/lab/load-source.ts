/** Loads a scenario in a worker thread. */
import { importModule } from '../explore/import-module.ts'
import { exportedScenario } from '../explore/scenario-export.ts'
import type { OperationsScenario, Scenario } from '../scenario.ts'

/** Where a thread loads a scenario from: the export of a file, or a variant of a bug. */
export type ScenarioSource =
  | { readonly kind: 'file'; readonly url: string; readonly name: string }
  | { readonly kind: 'bug'; readonly bug: string; readonly variant: string }

/** Loads the scenario. The main thread has found it there before. */
export async function loadSource(source: ScenarioSource): Promise<Scenario | OperationsScenario> {
  if (source.kind === 'bug') {
    // Only here: the threads of a user's file need no lesson.
    const { findThreadLesson } = await import('./lessons/index.ts')
    return findThreadLesson(source.bug).scenario!(source.variant)
  }
  return exportedScenario(await importModule(source.url), source.name)!
}
