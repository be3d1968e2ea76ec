/** The entry of an actor's thread in `lab stress`: loads the scenario, and runs the actor through the instances. */
import { parentPort, workerData } from 'node:worker_threads'
import { captureStack, folderInStacks, formatFrame, framesOf, leaveOut } from '../src/explore/run/positions.ts'
import { textOfThrown } from '../src/explore/run/thrown.ts'
import { loadSource } from '../src/lab/load-source.ts'
import type { ScenarioSource } from '../src/lab/load-source.ts'
import { privateCopier } from '../src/sampling/private-copier.ts'
import type { Scenario } from '../src/scenario.ts'
import type { ThreadTask } from '../src/stress/samples/messages.ts'
import { watchOutside } from '../src/stress/samples/outside.ts'
import { isInside, noteSleeps, serveSweeps } from '../src/stress/samples/sweep.ts'

const { task, source } = workerData as { readonly task: ThreadTask; readonly source: ScenarioSource }

// The line where an actor stands must not be a line of the lab's own.
leaveOut(folderInStacks(new Error('here'), '../src/stress/'))
leaveOut(folderInStacks(new Error('here'), './'))
noteSleeps()
const outside = task.watchOutside ? watchOutside(isInside) : () => []
const scenario = await loadSource(source)
serveSweeps(parentPort!, {
  task,
  // The main thread has refused a scenario without actors.
  act: (scenario as Scenario).actors[task.actor] as (memory: unknown) => unknown,
  copier: privateCopier,
  textOf: textOfThrown,
  linesOf: (stack = captureStack()) => framesOf(withoutEval(stack)).map(formatFrame),
  outside,
})

/** Leaves out the lines of the code that a debugger evaluates. */
function withoutEval(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => !line.includes('(eval at '))
    .join('\n')
}
