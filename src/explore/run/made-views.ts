/**
 * The views that an actor has made. To make a proxy is the most expensive part of a run, and a run mostly makes the same views as the
 * run before.
 */
import type { Actor } from '../model/actor.ts'

/** Returns the view that the actor made at this point of its last run, if it was made with the same arguments. */
export function viewBefore(actor: Actor, native: object, args: readonly unknown[]): object | undefined {
  const made = actor.views[actor.viewed]
  if (made?.native !== native || made.args.length !== args.length) return undefined
  for (let at = 0; at < args.length; at++) if (args[at] !== made.args[at]) return undefined
  actor.viewed++
  return made.view
}

/** Keeps a view for the next run. */
export function keepView(actor: Actor, native: object, args: readonly unknown[], view: object): void {
  actor.views[actor.viewed++] = { native, args, view }
}
