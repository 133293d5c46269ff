/** A menu of the rungs of an HLS film: automatic, or one of them. Hidden where there is nothing to choose. */

let isRegistered = false;

const lines = (level) => Math.min(level.width || Infinity, level.height || Infinity);

export function registerQualityMenu(videojs) {
  if (isRegistered) return;
  isRegistered = true;
  const MenuButton = videojs.getComponent('MenuButton');
  const MenuItem = videojs.getComponent('MenuItem');

  class QualityItem extends MenuItem {
    constructor(player, options) {
      super(player, { ...options, selectable: true, multiSelectable: false });
    }

    handleClick() {
      this.options_.choose(this.options_.level);
    }
  }

  class QualityMenuButton extends MenuButton {
    constructor(player, options) {
      super(player, options);
      this.chosen = null;
      this.controlText(options.texts.quality);
      this.addClass('film-player__quality');
      this.levels = player.qualityLevels();
      const update = () => this.update();
      this.levels.on(['addqualitylevel', 'removequalitylevel', 'change'], update);
      this.on('dispose', () => this.levels.off(['addqualitylevel', 'removequalitylevel', 'change'], update));
      this.update();
    }

    buildCSSClass() {
      return `vjs-quality-menu ${super.buildCSSClass()}`;
    }

    /** Best first. Called by the parent's constructor, too, before there are levels. */
    createItems() {
      const levels = Array.from(this.levels ?? []).filter((level) => Number.isFinite(lines(level)));
      if (levels.length < 2) return [];
      levels.sort((one, other) => lines(other) - lines(one));
      const { texts } = this.options_;
      const playing = this.levels[this.levels.selectedIndex];
      const automatic = playing && !this.chosen ? `${texts.automatic} (${lines(playing)}p)` : texts.automatic;
      return [
        this.item(automatic, null),
        ...levels.map((level) => this.item(`${lines(level)}p`, level.id)),
      ];
    }

    item(label, level) {
      const selected = (this.chosen ?? null) === level;
      return new QualityItem(this.player_, { label, level, selected, choose: (id) => this.choose(id) });
    }

    choose(id) {
      this.chosen = id;
      Array.from(this.levels).forEach((level) => {
        level.enabled = id === null || level.id === id;
      });
      this.update();
    }
  }

  videojs.registerComponent('QualityMenuButton', QualityMenuButton);
}
