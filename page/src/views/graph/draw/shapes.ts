/** Draws an entity as its kind's shape, with a rim where it is selected or pinned: one quad and a distance each. */
import { NodeProgram, type ProgramInfo } from "sigma/rendering";
import type { NodeDisplayData, RenderParams } from "sigma/types";
import { floatColor } from "sigma/utils";
import type { Shape } from "../../../kinds/labels";

export const SHAPES: Shape[] = ["circle", "square", "diamond", "triangle", "hexagon", "ring"];

export interface Drawn extends NodeDisplayData {
  shape: number;
  rim: string;
}

const UNIFORMS = ["u_matrix", "u_sizeRatio", "u_correctionRatio"] as const;
type Uniform = (typeof UNIFORMS)[number];
const { FLOAT, UNSIGNED_BYTE } = WebGLRenderingContext;
/** The quad is wider than the dot, for its rim. */
const WIDE = 1.5;

const VERTEX = /* glsl */ `
attribute vec4 a_id;
attribute vec4 a_color;
attribute vec4 a_rim;
attribute vec2 a_position;
attribute float a_size;
attribute float a_shape;
attribute vec2 a_corner;
uniform mat3 u_matrix;
uniform float u_sizeRatio;
uniform float u_correctionRatio;
varying vec4 v_color;
varying vec4 v_rim;
varying vec2 v_at;
varying float v_shape;
varying float v_pixel;

void main() {
  float size = a_size * u_correctionRatio / u_sizeRatio * 2.0;
  vec2 position = a_position + a_corner * size * ${WIDE.toFixed(1)};
  gl_Position = vec4((u_matrix * vec3(position, 1)).xy, 0, 1);
  v_at = a_corner * ${WIDE.toFixed(1)};
  v_shape = a_shape;
  v_pixel = u_sizeRatio / a_size;
  #ifdef PICKING_MODE
  v_color = a_id;
  #else
  v_color = a_color;
  #endif
  v_color.a *= 255.0 / 254.0;
  v_rim = a_rim;
}`;

// Distances to the outlines of figures of about the same area, in units of the dot's radius.
const FRAGMENT = /* glsl */ `
precision highp float;
varying vec4 v_color;
varying vec4 v_rim;
varying vec2 v_at;
varying float v_shape;
varying float v_pixel;

float far(vec2 p) {
  if (v_shape < 0.5) return length(p) - 0.96;
  if (v_shape < 1.5) { vec2 d = abs(p) - vec2(0.84); return max(d.x, d.y); }
  if (v_shape < 2.5) return (abs(p.x) + abs(p.y) - 1.18) * 0.7071;
  if (v_shape < 3.5) {
    vec2 q = vec2(abs(p.x), p.y + 0.12);
    return max(q.x * 0.866 + q.y * 0.5 - 0.56, -q.y - 0.62);
  }
  if (v_shape < 4.5) { vec2 q = abs(p); return max(q.x * 0.866 + q.y * 0.5, q.y) - 0.9; }
  return max(length(p) - 1.0, 0.45 - length(p));
}

void main() {
  vec2 p = v_at;
  float d = far(p);
  #ifdef PICKING_MODE
  gl_FragColor = length(p) < 1.2 ? v_color : vec4(0.0);
  #else
  float soft = v_pixel;
  float inside = 1.0 - smoothstep(-soft, soft, d);
  vec4 colour = mix(vec4(0.0), v_color, inside);
  if (v_rim.a > 0.01) {
    float out_d = v_shape > 4.5 ? length(p) - 1.0 : d;
    float band = (1.0 - smoothstep(0.34 - soft, 0.34 + soft, out_d)) * smoothstep(0.16 - soft, 0.16 + soft, out_d);
    colour = mix(colour, v_rim, band);
  }
  gl_FragColor = colour;
  #endif
}`;

export class Figure extends NodeProgram<Uniform> {
  override getDefinition() {
    return {
      VERTICES: 6,
      VERTEX_SHADER_SOURCE: VERTEX,
      FRAGMENT_SHADER_SOURCE: FRAGMENT,
      METHOD: WebGLRenderingContext.TRIANGLES,
      UNIFORMS,
      ATTRIBUTES: [
        { name: "a_position", size: 2, type: FLOAT },
        { name: "a_size", size: 1, type: FLOAT },
        { name: "a_shape", size: 1, type: FLOAT },
        { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true },
        { name: "a_rim", size: 4, type: UNSIGNED_BYTE, normalized: true },
        { name: "a_id", size: 4, type: UNSIGNED_BYTE, normalized: true },
      ],
      CONSTANT_ATTRIBUTES: [{ name: "a_corner", size: 2, type: FLOAT }],
      CONSTANT_DATA: [[-1, -1], [1, -1], [1, 1], [-1, -1], [1, 1], [-1, 1]],
    };
  }

  override processVisibleItem(index: number, start: number, data: NodeDisplayData): void {
    const { x, y, size, shape, color, rim } = data as Drawn;
    const values = [x, y, size, shape, floatColor(color), floatColor(rim), index];
    values.forEach((value, place) => {
      this.array[start + place] = value;
    });
  }

  override setUniforms({ matrix, sizeRatio, correctionRatio }: RenderParams, { gl, uniformLocations }: ProgramInfo<Uniform>): void {
    gl.uniformMatrix3fv(uniformLocations.u_matrix, false, matrix);
    gl.uniform1f(uniformLocations.u_sizeRatio, sizeRatio);
    gl.uniform1f(uniformLocations.u_correctionRatio, correctionRatio);
  }
}
