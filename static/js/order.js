// A new job: files go to Tuneboard in parts, so that a large one shows how far it is and a broken
// connection costs one part; a grader can begin with one that works.

const form = document.querySelector("form.order");
const sending = document.getElementById("sending");
const submit = form.querySelector("button[type=submit]");
const TRIES = 4;
const SLOW = 408; // the part did not arrive in time: the next try may be luckier
const under = new Set(); // roles whose file is on its way

const token = () => form.querySelector("[name=csrfmiddlewaretoken]").value;
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function post(url, body) {
  const answer = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token() } });
  if (answer.ok) return answer.json();
  const told = await answer.json().catch(() => ({}));
  throw Object.assign(new Error(told.error ?? `Tuneboard answered ${answer.status}.`), { isFinal: answer.status < 500 && answer.status !== SLOW });
}

/** A part may be sent again: the second time does no harm. */
async function insist(url, part) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await post(url, part);
    } catch (error) {
      if (error.isFinal || attempt === TRIES) throw error;
      await pause(500 * 2 ** attempt);
    }
  }
}

function show(place, file, share) {
  const line = document.createElement("p");
  const bar = Object.assign(document.createElement("progress"), { max: 1, value: share });
  line.className = "file-head upload";
  bar.setAttribute("aria-label", `${file.name}: sent`);
  line.append(`${file.name} `, bar, ` ${Math.round(100 * share)} %`);
  place.replaceChildren(line);
}

function complain(place, words) {
  const line = Object.assign(document.createElement("p"), { className: "wrong", textContent: words });
  line.setAttribute("role", "alert");
  place.replaceChildren(line);
}

function told() {
  submit.disabled = under.size > 0;
  sending.textContent = under.size ? "Your file is on its way: review when it has arrived." : "";
}

async function bring(input, file) {
  const { role } = input.dataset;
  const place = document.getElementById(`${role}-upload`);
  const asked = new FormData();
  const method = form.querySelector("[name=method]:checked")?.value ?? "";
  const about = { filename: file.name, size: file.size, role, method, model: form.elements.base_model.value };
  for (const [name, value] of Object.entries(about)) asked.append(name, value);
  under.add(role);
  told();
  try {
    const room = await post(form.dataset.uploads, asked);
    for (let number = 0, sent = 0; sent < file.size; number += 1) {
      show(place, file, sent / file.size);
      const part = file.slice(sent, sent + room.part_size);
      await insist(`${room.url}/parts/${number}`, part);
      sent += part.size;
    }
    form.elements[`${role}_upload`].value = room.key;
    input.value = ""; // it is there: the form need not bring it again
    await htmx.ajax("GET", room.url, { target: place, swap: "innerHTML" });
  } catch (error) {
    complain(place, `${file.name} was not taken. ${error.message} Choose it again.`);
  } finally {
    under.delete(role);
    told();
  }
}

addEventListener("beforeunload", (event) => under.size && event.preventDefault());

for (const input of form.querySelectorAll("[data-role]")) {
  const area = input.closest(".drop");
  input.addEventListener("change", () => input.files[0] && bring(input, input.files[0]));
  area.addEventListener("dragover", (event) => { event.preventDefault(); area.classList.add("over"); });
  area.addEventListener("dragleave", () => area.classList.remove("over"));
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    area.classList.remove("over");
    if (event.dataTransfer.files[0]) bring(input, event.dataTransfer.files[0]);
  });
}

form.querySelector("[data-starter]")?.addEventListener("change", (event) => {
  if (event.target.value) form.elements.grader.value = event.target.value;
});
