/** Answers the page. It is taken before the text of the editor runs, which must not answer in the place of the worker. */
import type { Reply } from './messages.ts'

export const reply = globalThis.postMessage.bind(globalThis) as (reply: Reply) => void
