import { testPrograms } from './random.ts'

testPrograms(3, 0.15)
