// Moves a place over an image, row by row: step, back, play, slower, faster.

const SPEEDS = [0.5, 1, 2, 4, 8, 16, 30, 60]; // steps a second

export class Player {
  // size(): [width, height] of what is walked over; moved(x, y) after each step; told() where it
  // plays or not.
  constructor(size, moved, told) {
    Object.assign(this, { size, moved, told, speed: 2, x: 0, y: 0, playing: false });
  }

  go(x, y) {
    const [width, height] = this.size();
    this.x = Math.min(width - 1, Math.max(0, x));
    this.y = Math.min(height - 1, Math.max(0, y));
    this.moved(this.x, this.y);
  }

  // By so many steps, in the order in which one reads; round at the end.
  step(by) {
    const [width, height] = this.size();
    const count = width * height;
    const at = (((this.y * width + this.x + by) % count) + count) % count;
    this.go(at % width, Math.floor(at / width));
  }

  toggle() {
    this.playing = !this.playing;
    this.told(this.playing);
    cancelAnimationFrame(this.frame);
    this.last = 0;
    if (this.playing) this.frame = requestAnimationFrame((now) => this.tick(now));
  }

  tick(now) {
    if (!this.playing) return;
    const period = 1000 / SPEEDS[this.speed];
    if (!this.last) this.last = now;
    if (now - this.last >= period) {
      this.last = now;
      this.step(1);
    }
    this.frame = requestAnimationFrame((next) => this.tick(next));
  }

  // Slower (-1) or faster (1); gives back whether that was possible.
  change(by) {
    const next = this.speed + by;
    if (next < 0 || next >= SPEEDS.length) return false;
    this.speed = next;
    return true;
  }

  get stepsPerSecond() {
    return SPEEDS[this.speed];
  }
}
