/** Reads the metrics of a load by name. */
import type { Metrics } from '../../stress/load.ts'

/** Returns the metric with this name; 0 if the load has no such number. */
export function figure(metrics: Metrics, name: string): number {
  const value = metrics[name]
  return typeof value === 'number' ? value : 0
}

/** Returns the series of numbers with this name; empty if the load has no such series. */
export function series(metrics: Metrics, name: string): readonly number[] {
  const value = metrics[name]
  return Array.isArray(value) ? (value as readonly number[]) : []
}
