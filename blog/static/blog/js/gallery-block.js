/** The gallery in the page editor: Wagtail's list, and a button that chooses several images at once. */
(() => {
  class GalleryBlockDefinition extends window.wagtailStreamField.blocks.ListBlockDefinition {
    render(placeholder, prefix, initialState, initialError) {
      const gallery = super.render(placeholder, prefix, initialState, initialError);
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'button button-small button-secondary';
      button.textContent = this.meta.chooseSeveral;
      button.addEventListener('click', () => this.chooseSeveral(gallery));
      gallery.container.append(button);
      return gallery;
    }

    chooseSeveral(gallery) {
      const { widget } = this.childBlockDef.childBlockDefs.find(({ name }) => name === 'image');
      widget.openModal((chosen) => this.add(gallery, chosen), { multiple: true });
    }

    add(gallery, chosen) {
      // A gallery begins with an empty place.
      for (let index = gallery.children.length - 1; index >= 0; index -= 1) {
        if (!gallery.children[index].block.childBlocks.image.getState()) gallery.deleteBlock(index);
      }
      chosen.forEach((image) => {
        const place = { ...this.initialChildState, image, alt_text: image.default_alt_text };
        gallery.insert(place, gallery.children.length);
      });
    }
  }

  window.telepath.register('blog.blocks.GalleryBlock', GalleryBlockDefinition);
})();
