// The command palette: Ctrl K, or a click on the find field, lists pages and deeds by the words typed.
const palette = document.getElementById("palette");
const source = document.getElementById("palette-entries");

if (palette && source) {
  const entries = JSON.parse(source.textContent);
  const field = palette.querySelector("input");
  const list = palette.querySelector("[role='listbox']");
  const none = palette.querySelector(".none");
  let chosen = 0;

  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  const found = (typed) => {
    const words = plain(typed).split(/\s+/).filter(Boolean);
    const fits = entries.filter((entry) => !entry.words
      && words.every((word) => plain(`${entry.label} ${entry.hint}`).includes(word)));
    // Places whose name begins with what was typed come first; otherwise the order of the road stays.
    fits.sort((a, b) => plain(b.label).startsWith(plain(typed)) - plain(a.label).startsWith(plain(typed)));
    const searches = typed.trim() ? entries.filter((entry) => entry.words) : [];
    return [...fits, ...searches.map((entry) => ({
      ...entry, label: `${entry.label} “${typed.trim()}”`, url: entry.url + encodeURIComponent(typed.trim()),
    }))];
  };

  const choose = (index) => {
    const options = [...list.children];
    chosen = Math.min(Math.max(index, 0), Math.max(options.length - 1, 0));
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === chosen)));
    field.setAttribute("aria-activedescendant", options[chosen]?.id ?? "");
    options[chosen]?.scrollIntoView({ block: "nearest" });
  };

  const draw = () => {
    const rows = found(field.value).map((entry, place) => {
      const option = document.createElement("li");
      option.id = `palette-${place}`;
      option.role = "option";
      option.dataset.url = entry.url;
      option.append(entry.label);
      if (entry.hint) {
        const hint = document.createElement("small");
        hint.textContent = entry.hint;
        option.append(hint);
      }
      return option;
    });
    list.replaceChildren(...rows);
    none.hidden = rows.length > 0;
    choose(0);
  };

  const open = (words = "") => {
    field.value = words;
    draw();
    palette.showModal();
    field.focus();
  };

  const go = (option) => option && window.location.assign(option.dataset.url);

  field.addEventListener("input", draw);
  field.addEventListener("keydown", (event) => {
    const last = list.children.length - 1;
    const steps = { ArrowDown: chosen + 1, ArrowUp: chosen - 1, PageDown: chosen + 8, PageUp: chosen - 8 };
    if (event.key in steps) {
      const wraps = chosen === last && event.key === "ArrowDown" ? 0 : chosen === 0 && event.key === "ArrowUp" ? last : steps[event.key];
      choose(wraps);
    } else if (event.key === "Enter" && !event.isComposing) go(list.children[chosen]);
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", (event) => go(event.target.closest("[role='option']")));
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    if (palette.open) palette.close();
    else open();
  });
  document.addEventListener("openroads:find", () => open());
  document.getElementById("find")?.addEventListener("click", (event) => {
    event.preventDefault();
    open(event.currentTarget.querySelector("input").value);
  });
}
