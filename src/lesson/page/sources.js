// Where pictures come from: samples, charts, a file, a drop, the clipboard, the camera.
import { charts } from "./charts.js";
import { element, fillSelect } from "./dom.js";
import { fromBitmap, fromFile, namedPicture } from "./pictures.js";

// take(picture, name) gets each picture; fail(text) what went wrong. `embedded` {name: data URL};
// those of which isSample(name) have a name in words.
export function addSources(parts, embedded, isSample, words, take, fail) {
  const { select, file, camera } = parts;
  let own = null; // the last picture that has no name

  function list(chosen) {
    const made = Object.keys(embedded).map((name) => [name,
      isSample(name) ? words.maybe("sample-" + name, name) : name]);
    const drawn = Object.keys(charts).map((name) => [name, words("chart-" + name)]);
    fillSelect(select, made.concat(drawn, own ? [["own", words("own-picture")]] : []), chosen);
  }

  // `ready`: that picture, where it is there already.
  async function choose(name, ready) {
    const known = charts[name] || embedded[name] ? name : Object.keys(embedded)[0];
    try {
      take(name === "own" && own ? own : ready || await namedPicture(known, embedded),
        name === "own" && own ? name : known);
      if (name && name !== "own" && name !== known) fail(words("no-such-picture", name));
    } catch (error) {
      fail(words("no-picture") + " " + error.message);
    }
  }

  function takeOwn(picture) {
    own = picture;
    list("own");
    take(picture, "own");
  }

  async function takeFile(given) {
    if (!given) return;
    try {
      takeOwn(await fromFile(given));
    } catch {
      fail(words("not-an-image", given.name || "?"));
    }
  }

  select.addEventListener("change", () => choose(select.value));
  file.addEventListener("change", () => takeFile(file.files[0]));
  addDrop(takeFile);
  document.addEventListener("paste", (event) => {
    const item = [...event.clipboardData.items].find((i) => i.type.startsWith("image/"));
    if (item) takeFile(item.getAsFile());
  });
  addCamera(camera, takeOwn, () => fail(words("no-camera")));
  return { list, choose };
}

// A file may be dropped anywhere on the page: the browser would leave the page for it. Dragged text
// is left to the fields.
function addDrop(takeFile) {
  const light = (on) => document.body.classList.toggle("dropping", on);
  for (const name of ["dragenter", "dragover", "drop"]) {
    document.addEventListener(name, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      light(name !== "drop");
      if (name === "drop") takeFile(event.dataTransfer.files[0]);
    });
  }
  /* Each element that the pointer leaves says so; it has left the page where none is next. */
  document.addEventListener("dragleave", (event) => event.relatedTarget || light(false));
}

const PERIOD = 100; // milliseconds between frames

// The button starts and stops; each frame becomes the picture.
function addCamera(button, take, fail) {
  let stream = null, timer = 0;
  const video = element("video", { muted: true, playsInline: true });

  function stop() {
    clearInterval(timer);
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    button.setAttribute("aria-pressed", "false");
  }

  button.addEventListener("click", async () => {
    if (stream) return stop();
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 } });
      video.srcObject = stream;
      await video.play();
      button.setAttribute("aria-pressed", "true");
      timer = setInterval(async () => {
        if (video.readyState < 2 || document.hidden) return;
        take(fromBitmap(await createImageBitmap(video)));
      }, PERIOD);
    } catch {
      stop();
      fail();
    }
    return undefined;
  });
}
