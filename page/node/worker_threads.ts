/** Threads: a Web Worker has its number as its name. */
const own = globalThis as { readonly name?: string }

/** 0 in the page itself, which no worker is. */
export const threadId = /^\d+$/.test(own.name ?? '') ? Number(own.name) : 0

class Absent {}
/** The page starts its workers by itself (`../run`, `../engine`). */
export const Worker = globalThis.Worker ?? Absent
export const { MessagePort, MessageChannel } = globalThis
/** The worker that runs a user's code has none. */
export const BroadcastChannel = globalThis.BroadcastChannel ?? Absent
export const parentPort = undefined
export default { threadId, Worker, MessagePort, MessageChannel, BroadcastChannel }
