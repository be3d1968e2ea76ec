/** The entry of a replay's thread: loads the scenario, and runs one actor through its steps. */
import { parentPort, workerData } from 'node:worker_threads'
import { loadWithGlobalsReplaced } from '../src/explore/globals/install.ts'
import { runAssignment } from '../src/explore/replay/gate.ts'
import type { Assignment } from '../src/explore/replay/gate.ts'
import { exportedScenario, importModule } from '../src/explore/scenario-export.ts'
import type { ScenarioSource } from '../src/lab/cli/subjects.ts'
import { findThreadLesson } from '../src/lab/lessons/index.ts'
import type { Scenario } from '../src/scenario.ts'

const { assignment, source } = workerData as { readonly assignment: Assignment; readonly source: ScenarioSource }

async function load(): Promise<Scenario> {
  if (source.kind === 'bug') return findThreadLesson(source.bug).scenario!(source.variant)
  return exportedScenario(await importModule(source.url), source.name)!
}

// The globals are not restored, because the thread ends with its actor.
const { module: scenario } = await loadWithGlobalsReplaced(load)
const act = scenario.actors[assignment.plan.name] as (memory: unknown) => unknown
parentPort?.postMessage(runAssignment(assignment, act))
