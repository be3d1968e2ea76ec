import type { Actor } from '../model/actor.ts'

/**
 * Returns the view that the actor made at this point of its last run, if it was made with the same arguments; otherwise
 * makes one and keeps it. Making a proxy is the most expensive part of a run, and a run mostly makes the same views as
 * the run before.
 */
export function madeView(actor: Actor, native: object, args: readonly unknown[], make: () => object): object {
  const made = actor.views[actor.viewed]
  if (made?.native === native && made.args.length === args.length && args.every((arg, at) => arg === made.args[at])) {
    actor.viewed++
    return made.view
  }
  const view = make()
  actor.views[actor.viewed++] = { native, args, view }
  return view
}
