/** The entry of a replay's thread: loads the scenario, and runs one actor through its steps. */
import { parentPort, workerData } from 'node:worker_threads'
import { loadWithGlobalsReplaced } from '../src/explore/globals/install.ts'
import { runAssignment } from '../src/explore/replay/gate.ts'
import type { Assignment } from '../src/explore/replay/gate.ts'
import { loadSource } from '../src/lab/load-source.ts'
import type { ScenarioSource } from '../src/lab/load-source.ts'

const { assignment, source } = workerData as { readonly assignment: Assignment; readonly source: ScenarioSource }

// The globals are not restored, because the thread ends with its actor.
const { module: scenario } = await loadWithGlobalsReplaced(() => loadSource(source))
parentPort?.postMessage(runAssignment(assignment, scenario))
