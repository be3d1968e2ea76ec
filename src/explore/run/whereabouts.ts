/**
 * Reports where the explorer is while it does not answer. A debugger that has paused it calls this.
 */
import { installedController } from '../globals/controller.ts'
import { Engine } from './engine.ts'
import { captureStack, formatFrame, framesOf, functionIn } from './positions.ts'

/** What runs, and at which line. */
export interface Whereabouts {
  /** The running actor, or the running function of the scenario, such as `memory()`; undefined outside of both. */
  readonly doing?: string
  /** The line, as `file:line:column`. */
  readonly at?: string
}

/** Returns where the explorer is, read from the stack. */
export function whereabouts(): Whereabouts {
  const frames = framesOf(withoutEval(captureStack()))
  const [innermost] = frames
  const controller = installedController()
  const actor = controller instanceof Engine ? controller.running : undefined
  const doing = actor ?? functionIn(frames)
  return {
    ...(doing === undefined ? {} : { doing }),
    ...(innermost === undefined ? {} : { at: formatFrame(innermost) }),
  }
}

/** Leaves out the frames of the code that a debugger evaluates. */
function withoutEval(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => !line.includes('(eval at '))
    .join('\n')
}
