declare module "graphology-layout-forceatlas2/iterate" {
  /** One round of forces over flat matrices, in place. */
  export default function iterate(settings: object, dots: Float32Array, lines: Float32Array): void;
}
