/** The worker of a bench. It does what the lab's worker does, and finds the loads of the benches as well as those of the lessons. */
import { findBug } from '../../src/lab/lessons/index.ts'
import { attend } from '../../src/stress/attend.ts'
import type { Attendance, Task } from '../../src/stress/task.ts'
import { loads } from '../loads/index.ts'

export default function work(task: Task): Attendance {
  return attend(loads.get(task.bug) ?? findBug(task.bug).load, task)
}

export { muster } from '../../src/stress/muster.ts'
