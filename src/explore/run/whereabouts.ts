/**
 * Where the explorer is, for a look from outside while it does not answer: a debugger that has paused it asks.
 */
import { installedController } from '../control/controller.ts'
import { Engine } from './engine.ts'
import { captureStack, formatFrame, framesOf, partIn } from './positions.ts'

export interface Whereabouts {
  /** The actor that runs, or the function of the scenario: `memory()`; undefined outside of both. */
  readonly doing?: string
  /** The line, as `file:line:column`. */
  readonly at?: string
}

/** Reads it off the stack; cheap enough to be nowhere noted. */
export function whereabouts(): Whereabouts {
  const frames = framesOf(withoutEval(captureStack()))
  const [innermost] = frames
  const controller = installedController()
  const actor = controller instanceof Engine ? controller.running : undefined
  const doing = actor ?? partIn(frames)
  return {
    ...(doing === undefined ? {} : { doing }),
    ...(innermost === undefined ? {} : { at: formatFrame(innermost) }),
  }
}

/** What a debugger evaluates stands on the stack itself. */
function withoutEval(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => !line.includes('(eval at '))
    .join('\n')
}
