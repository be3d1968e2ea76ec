/**
 * Takes what a worker says as data and nothing else. The text of the editor can change the worker's globals, and so what the worker's
 * replies are made of. An object whose own `constructor` is undefined would then be drawn by preact as an element, and that could be a
 * script that runs in the page. JSON has no undefined, and no other property stands for an element.
 */
import type { Reply } from './messages.ts'

const STRANGE: Reply = {
  kind: 'trouble',
  trouble: { message: 'The code has changed globals that the explorer needs.', line: undefined },
}

/** Returns the reply as JSON has it; a trouble if it cannot be JSON. */
export function plain(reply: Reply): Reply {
  try {
    return JSON.parse(JSON.stringify(reply)) as Reply
  } catch {
    return STRANGE
  }
}
