/** The machine that figures were measured on: without it they mean nothing. */
import { availableParallelism, cpus, loadavg } from 'node:os'

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly node: string
  /** Runnable threads, averaged over the last minute, at the start of the run. */
  readonly load: number
}

export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() || 'unknown CPU',
    cores: availableParallelism(),
    node: process.version,
    load: Math.round(loadavg()[0]! * 100) / 100,
  }
}

export function machineLine({ cpu, cores, node, load }: Machine): string {
  return `${cpu}, ${cores} ${cores === 1 ? 'core' : 'cores'}, Node ${node}, load ${load.toFixed(2)}`
}
