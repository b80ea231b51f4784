// To be: a network on a digit drawn by hand.
export class NetworkTab {
  constructor() {}

  open() {}
}
