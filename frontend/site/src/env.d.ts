declare namespace App {
  interface Locals {
    /** What is answered is for one visitor only: a draft, what a password has opened, or the answer to a form. */
    isPrivate?: boolean;
    /** A draft, which the admin may show in a frame. */
    isPreview?: boolean;
  }
}
