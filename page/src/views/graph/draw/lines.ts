/** Draws a line that ends at an arrow's head; of what failed only dashes. */
import { createEdgeArrowHeadProgram, createEdgeCompoundProgram, EdgeProgram, type ProgramInfo } from "sigma/rendering";
import type { EdgeDisplayData, NodeDisplayData, RenderParams } from "sigma/types";
import { floatColor } from "sigma/utils";

const UNIFORMS = ["u_matrix", "u_sizeRatio", "u_zoomRatio", "u_correctionRatio", "u_feather", "u_half", "u_dash"] as const;
type Uniform = (typeof UNIFORMS)[number];
const { FLOAT, UNSIGNED_BYTE } = WebGLRenderingContext;
const HEAD = { lengthToThicknessRatio: 4, widenessToThicknessRatio: 3 };
/** Pixels of a dash with its gap, and the dash's part of it. */
const DASH = 9;
const FULL = 0.55;

const VERTEX = /* glsl */ `
attribute vec4 a_id;
attribute vec4 a_color;
attribute vec2 a_start;
attribute vec2 a_end;
attribute float a_thickness;
attribute float a_radius;
attribute vec2 a_corner;
uniform mat3 u_matrix;
uniform float u_sizeRatio;
uniform float u_zoomRatio;
uniform float u_correctionRatio;
uniform float u_feather;
uniform vec2 u_half;
varying vec4 v_color;
varying float v_side;
varying float v_soft;
varying float v_along;

void main() {
  float unit = u_correctionRatio / u_sizeRatio;
  vec2 along = normalize(a_end - a_start + vec2(1e-9, 0.0));
  vec2 across = vec2(-along.y, along.x);
  float thick = max(a_thickness, 1.2 * u_sizeRatio) * unit;
  // The head of the arrow takes over before the target's rim.
  vec2 stop = a_end - along * (a_radius * 2.0 * unit + thick * ${HEAD.lengthToThicknessRatio.toFixed(1)} * 2.0);
  vec2 position = mix(a_start, stop, a_corner.x) + across * thick * a_corner.y;
  gl_Position = vec4((u_matrix * vec3(position, 1)).xy, 0, 1);
  v_side = a_corner.y;
  v_soft = u_feather * u_correctionRatio / u_zoomRatio / max(thick, 1e-9);
  vec2 pixels = ((u_matrix * vec3(stop, 1)).xy - (u_matrix * vec3(a_start, 1)).xy) * u_half;
  v_along = a_corner.x * length(pixels);
  #ifdef PICKING_MODE
  v_color = a_id;
  #else
  v_color = a_color;
  #endif
  v_color.a *= 255.0 / 254.0;
}`;

const FRAGMENT = /* glsl */ `
precision highp float;
varying vec4 v_color;
varying float v_side;
varying float v_soft;
varying float v_along;
uniform float u_dash;

void main() {
  #ifdef PICKING_MODE
  gl_FragColor = v_color;
  #else
  float inside = 1.0 - smoothstep(1.0 - min(v_soft, 1.0), 1.0, abs(v_side));
  if (u_dash > 0.0 && fract(v_along / u_dash) > ${FULL}) inside = 0.0;
  gl_FragColor = mix(vec4(0.0), v_color, inside);
  #endif
}`;

class Shaft extends EdgeProgram<Uniform> {
  protected dash = 0;

  override getDefinition() {
    return {
      VERTICES: 6,
      VERTEX_SHADER_SOURCE: VERTEX,
      FRAGMENT_SHADER_SOURCE: FRAGMENT,
      METHOD: WebGLRenderingContext.TRIANGLES,
      UNIFORMS,
      ATTRIBUTES: [
        { name: "a_start", size: 2, type: FLOAT },
        { name: "a_end", size: 2, type: FLOAT },
        { name: "a_thickness", size: 1, type: FLOAT },
        { name: "a_radius", size: 1, type: FLOAT },
        { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true },
        { name: "a_id", size: 4, type: UNSIGNED_BYTE, normalized: true },
      ],
      CONSTANT_ATTRIBUTES: [{ name: "a_corner", size: 2, type: FLOAT }],
      CONSTANT_DATA: [[0, 1], [0, -1], [1, 1], [1, 1], [0, -1], [1, -1]],
    };
  }

  override processVisibleItem(index: number, start: number, source: NodeDisplayData, target: NodeDisplayData, data: EdgeDisplayData): void {
    const values = [source.x, source.y, target.x, target.y, data.size, target.size, floatColor(data.color), index];
    values.forEach((value, place) => {
      this.array[start + place] = value;
    });
  }

  override setUniforms(params: RenderParams, { gl, uniformLocations }: ProgramInfo<Uniform>): void {
    gl.uniformMatrix3fv(uniformLocations.u_matrix, false, params.matrix);
    gl.uniform1f(uniformLocations.u_sizeRatio, params.sizeRatio);
    gl.uniform1f(uniformLocations.u_zoomRatio, params.zoomRatio);
    gl.uniform1f(uniformLocations.u_correctionRatio, params.correctionRatio);
    gl.uniform1f(uniformLocations.u_feather, params.antiAliasingFeather);
    gl.uniform2f(uniformLocations.u_half, (params.width * params.pixelRatio) / 2, (params.height * params.pixelRatio) / 2);
    gl.uniform1f(uniformLocations.u_dash, this.dash * params.pixelRatio);
  }
}

class DashedShaft extends Shaft {
  protected override dash = DASH;
}

const head = createEdgeArrowHeadProgram(HEAD);
export const Plain = createEdgeCompoundProgram([Shaft, head]);
export const Dashed = createEdgeCompoundProgram([DashedShaft, head]);
