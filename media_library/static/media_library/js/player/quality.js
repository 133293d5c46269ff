/** A menu of the rungs of an HLS film: automatic, or one of them. Hidden where there is nothing to choose. */

/** After these the player has begun to change over, if it does: it waits 100 ms for further wishes. */
const CHANGE_MILLISECONDS = 200;

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
      const levels = Array.from(this.levels);
      // The player changes over at once to a level that becomes enabled; of one that has been so, it takes no notice.
      if (id !== null) levels.forEach((level) => (level.enabled = false));
      levels.filter((level) => id === null || level.id === id).forEach((level) => (level.enabled = true));
      this.update();
      setTimeout(() => this.changeOver(id), CHANGE_MILLISECONDS);
    }

    /**
     * Give up what is buffered of the former level. The player forgets it (VHS 3.17) for a level whose playlist it had
     * before, and would show half a minute more of the former; there is no public way to say so.
     */
    changeOver(id) {
      const controller = this.player_.tech(true)?.vhs?.playlistController_;
      if (controller?.waitingForFastQualityPlaylistReceived_ && controller.media()?.id === id) {
        controller.runFastQualitySwitch_();
      }
    }
  }

  videojs.registerComponent('QualityMenuButton', QualityMenuButton);
}
