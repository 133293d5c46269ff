export * from "./generated/content.js";
