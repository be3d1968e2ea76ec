/** Reading a load's own figures. */
import type { Metrics } from '../../stress/load.ts'

/** A figure of a load; 0 when it has none of this name. */
export function figure(metrics: Metrics, name: string): number {
  const value = metrics[name]
  return typeof value === 'number' ? value : 0
}

/** A figure over time; empty when there is none of this name. */
export function series(metrics: Metrics, name: string): readonly number[] {
  const value = metrics[name]
  return Array.isArray(value) ? (value as readonly number[]) : []
}
