//! What the fake provider paints: mountains, sea, city, space, forest, or shapes, chosen by words of the prompt.

#![expect(clippy::many_single_char_names, reason = "x, y, w, h, t are what painting speaks in")]

use super::picture::{Canvas, Color, Dice, hex, mix};

/// A mood: sky from top to horizon, light, far and near ground.
struct Mood {
    sky: [Color; 4],
    light: Color,
    far: Color,
    near: Color,
    stars: bool,
}

const fn mood(sky: [u32; 4], light: u32, far: u32, near: u32, stars: bool) -> Mood {
    Mood {
        sky: [hex(sky[0]), hex(sky[1]), hex(sky[2]), hex(sky[3])],
        light: hex(light),
        far: hex(far),
        near: hex(near),
        stars,
    }
}

const MOODS: [Mood; 6] = [
    mood([0x1d_2b64, 0x6a_3093, 0xf0_6b7e, 0xff_c371], 0xff_f0c9, 0xb9_6a8f, 0x1c_1233, false),
    mood([0x2f_80c8, 0x6d_b3e8, 0xbf_e2f5, 0xfd_f3dc], 0xff_fbe6, 0x8f_b8c9, 0x1f_4a3f, false),
    mood([0x05_0b24, 0x12_2350, 0x2a_4a80, 0x5d_7fae], 0xf4_f1de, 0x3c_5684, 0x06_0d1f, true),
    mood([0x0b_3d4f, 0x1c_7c7d, 0x7f_c8a9, 0xf7_e9b0], 0xff_f6d5, 0x5f_a08f, 0x0b_2a2f, false),
    mood([0x3a_1c71, 0x8e_3b8f, 0xd7_6d77, 0xff_af7b], 0xff_e3c2, 0xa4_5d80, 0x1f_0f38, false),
    mood([0x23_2526, 0x41_5a77, 0x9a_b6c8, 0xf2_d6c9], 0xff_f4ec, 0x7c_93a6, 0x16_202b, false),
];

fn asked(prompt: &str, words: &[&str]) -> bool {
    words.iter().any(|word| prompt.contains(word))
}

/// Paints what the prompt asks for; anything unknown becomes a landscape or shapes, by the seed.
pub(super) fn paint(canvas: &mut Canvas, prompt: &str, dice: &mut Dice) {
    let night = asked(prompt, &["ноч", "night", "звезд", "звёзд", "star", "moon", "лун"]);
    let dusk = asked(prompt, &["закат", "sunset", "вечер", "dusk", "рассвет", "sunrise"]);
    let mood = match (night, dusk) {
        (true, _) => &MOODS[2],
        (_, true) => &MOODS[[0, 4][dice.pick(2)]],
        _ => &MOODS[dice.pick(MOODS.len())],
    };
    if asked(prompt, &["косм", "space", "планет", "planet", "галакт", "galax"]) {
        space(canvas, dice);
    } else if asked(prompt, &["город", "city", "улиц", "street", "небоскр", "skyline"]) {
        city(canvas, mood, dice);
    } else if asked(prompt, &["море", "океан", "sea", "ocean", "пляж", "beach", "озер", "lake", "вода", "water"])
    {
        sea(canvas, mood, dice);
    } else if asked(prompt, &["лес", "forest", "дерев", "tree", "сосн", "pine"]) {
        forest(canvas, mood, dice);
    } else if asked(prompt, &["кот", "кош", "cat", "kitten"]) {
        cat(canvas, mood, dice);
    } else if asked(prompt, &["абстра", "abstract", "логотип", "logo", "узор", "pattern"]) || dice.unit() < 0.15
    {
        shapes(canvas, dice);
    } else {
        mountains(canvas, mood, dice);
    }
}

fn backdrop(canvas: &mut Canvas, mood: &Mood, dice: &mut Dice) -> (f32, f32) {
    let (w, h) = canvas.size();
    canvas.sky(&mood.sky, dice);
    if mood.stars {
        stars(canvas, dice, 0.6, 1.0);
    }
    let (x, y) = (w * dice.range(0.25, 0.75), h * dice.range(0.22, 0.42));
    let radius = w.min(h) * dice.range(0.05, 0.085);
    canvas.glow(x, y, w.max(h) * 0.55, mood.light, 0.45);
    canvas.glow(x, y, radius * 2.6, mood.light, 0.55);
    canvas.disc(x, y, radius, mood.light, 0.97);
    clouds(canvas, mood, dice);
    (x, y)
}

fn stars(canvas: &mut Canvas, dice: &mut Dice, depth: f32, bright: f32) {
    let (w, h) = canvas.size();
    for _ in 0..(w * h / 1_600.0) as usize {
        let (x, y) = (dice.unit() * w, dice.unit() * h * depth);
        let size = dice.range(0.4, 1.5) * (w.max(h) / 900.0).max(0.5);
        canvas.disc(x, y, size, hex(0xff_ffff), dice.range(0.2, 0.95) * bright);
    }
}

fn clouds(canvas: &mut Canvas, mood: &Mood, dice: &mut Dice) {
    let (w, h) = canvas.size();
    let color = mix(mood.sky[3], hex(0xff_ffff), 0.4);
    for _ in 0..5 {
        let (x, y) = (dice.unit() * w, h * dice.range(0.08, 0.42));
        let spread = w * dice.range(0.05, 0.11);
        for puff in 0..34 {
            let t = puff as f32 / 16.5 - 1.0;
            let lift = (1.0 - t * t) * dice.range(-0.3, 0.02) * spread;
            let radius = spread * (0.18 + 0.28 * (1.0 - t * t)) * dice.range(0.8, 1.2);
            canvas.glow(x + t * spread * 1.5, y + lift, radius, color, 0.12);
        }
    }
}

/// A ridge line: a few sines whose phases come from the dice.
fn ridge(dice: &mut Dice, base: f32, height: f32, width: f32, rough: f32) -> impl Fn(f32) -> f32 + use<> {
    let waves: Vec<(f32, f32, f32)> = (0..6)
        .map(|n| {
            let power = rough.powi(n);
            (dice.range(0.7, 1.6) * 1.9f32.powi(n), dice.range(0.0, std::f32::consts::TAU), power)
        })
        .collect();
    let sum: f32 = waves.iter().map(|(_, _, power)| power).sum();
    move |x| {
        let t = x / width * std::f32::consts::TAU;
        let wave: f32 = waves.iter().map(|(speed, phase, power)| (t * speed + phase).sin() * power).sum();
        base - height * (wave / sum)
    }
}

fn mountains(canvas: &mut Canvas, mood: &Mood, dice: &mut Dice) {
    backdrop(canvas, mood, dice);
    let (w, h) = canvas.size();
    let layers = 5;
    let lake = dice.unit() < 0.45;
    for layer in 0..layers {
        let share = layer as f32 / (layers - 1) as f32;
        let color = mix(mix(mood.far, mood.sky[3], 0.35 * (1.0 - share)), mood.near, share * share * 0.9 + 0.1 * share);
        let base = h * (0.56 + 0.3 * share);
        let line = ridge(dice, base, h * (0.17 - 0.05 * share), w, 0.56 - 0.08 * share);
        let haze = mix(color, mood.sky[3], 0.5);
        canvas.below(line, |depth| mix(color, haze, (depth / (h * 0.22)).min(1.0) * (1.0 - share)));
        if lake && layer == 2 {
            canvas.mirror((h * 0.76) as u32, mood.sky[1], 0.28);
        }
    }
    pines(canvas, mood.near, dice, 0.93, 26);
    birds(canvas, mood.near, dice);
}

/// A cat on a hill before a very large moon or sun.
fn cat(canvas: &mut Canvas, mood: &Mood, dice: &mut Dice) {
    let (w, h) = canvas.size();
    canvas.sky(&mood.sky, dice);
    if mood.stars {
        stars(canvas, dice, 0.7, 1.0);
    }
    let (unit, x, ground) = (w.min(h), w * dice.range(0.4, 0.6), h * 0.8);
    canvas.glow(x, ground - unit * 0.26, unit * 0.7, mood.light, 0.6);
    canvas.disc(x, ground - unit * 0.26, unit * 0.3, mood.light, 0.97);
    clouds(canvas, mood, dice);
    let far = mix(mood.far, mood.near, 0.4);
    let line = ridge(dice, h * 0.8, h * 0.09, w, 0.5);
    canvas.below(line, |_| far);
    let hill = |px: f32| ground + (px - x) * (px - x) / (w * 2.6);
    canvas.below(hill, |_| mood.near);
    let side = if dice.unit() < 0.5 { 1.0 } else { -1.0 };
    for step in 0..40 {
        let t = step as f32 / 39.0;
        // Haunches to shoulders: a body leaning a little towards the head.
        let round = unit * (0.095 - 0.045 * t);
        canvas.disc(x + side * unit * 0.03 * t, ground - unit * (0.075 + 0.15 * t), round, mood.near, 1.0);
        if t > 0.8 {
            continue;
        }
        let curl = t * 3.6;
        let reach = unit * (0.1 + 0.07 * t);
        let (tx, ty) = (x - side * reach * curl.sin().abs().max(0.3), ground - unit * 0.02 - unit * 0.13 * t * t);
        canvas.disc(tx, ty, unit * (0.017 - 0.008 * t), mood.near, 1.0);
    }
    let (hx, hy, head) = (x + side * unit * 0.04, ground - unit * 0.285, unit * 0.062);
    canvas.disc(hx, hy, head, mood.near, 1.0);
    for ear in [-1.0, 1.0] {
        for step in 0..24 {
            let t = step as f32 / 23.0;
            canvas.disc(
                hx + ear * head * (0.58 + 0.12 * t),
                hy - head * (0.5 + 0.85 * t),
                head * 0.36 * (1.02 - t),
                mood.near,
                1.0,
            );
        }
        canvas.disc(hx + ear * head * 0.4, hy - head * 0.05, head * 0.13, mood.light, 0.95);
    }
    birds(canvas, mood.near, dice);
}

fn pine(canvas: &mut Canvas, x: f32, base: f32, tall: f32, color: Color) {
    let top = base - tall;
    for y in top.max(0.0) as u32..(base.max(0.0) as u32).min(canvas.height) {
        let t = (y as f32 - top) / tall;
        // Three tiers, each widening downwards.
        let tier = (t * 3.0).fract();
        let half = tall * 0.2 * (0.25 + 0.75 * t) * (0.35 + 0.65 * tier);
        let (from, to) = ((x - half).max(0.0), (x + half).max(0.0));
        for px in from as u32..=(to as u32).min(canvas.width.saturating_sub(1)) {
            canvas.blend(px, y, color, 0.96);
        }
    }
}

fn pines(canvas: &mut Canvas, color: Color, dice: &mut Dice, level: f32, count: usize) {
    let (w, h) = canvas.size();
    for _ in 0..count {
        let edge = dice.unit() * dice.unit();
        let x = if dice.unit() < 0.5 { edge * w * 0.5 } else { w - edge * w * 0.5 };
        let tall = h * dice.range(0.07, 0.2) * (1.0 - 0.5 * edge);
        pine(canvas, x, h * dice.range(level, 1.04), tall, color);
    }
}

fn birds(canvas: &mut Canvas, color: Color, dice: &mut Dice) {
    let (w, h) = canvas.size();
    let (cx, cy) = (w * dice.range(0.2, 0.8), h * dice.range(0.18, 0.36));
    for _ in 0..dice.pick(6) {
        let (x, y) = (cx + dice.range(-0.09, 0.09) * w, cy + dice.range(-0.05, 0.05) * h);
        let wing = w * dice.range(0.008, 0.014);
        for step in 0..20 {
            let t = step as f32 / 19.0;
            let lift = (t * std::f32::consts::PI).sin() * wing * 0.5;
            canvas.disc(x - wing * t, y - lift, w / 1_100.0, color, 0.8);
            canvas.disc(x + wing * t, y - lift, w / 1_100.0, color, 0.8);
        }
    }
}

fn sea(canvas: &mut Canvas, mood: &Mood, dice: &mut Dice) {
    let (sun, _) = backdrop(canvas, mood, dice);
    let (w, h) = canvas.size();
    let horizon = h * 0.58;
    let line = ridge(dice, horizon - h * 0.005, h * 0.035, w, 0.6);
    canvas.below(line, |_| mix(mood.far, mood.sky[2], 0.35));
    canvas.mirror(horizon as u32, mood.sky[0], 0.4);
    for _ in 0..(w * 1.1) as usize {
        let t = dice.unit();
        let y = horizon + (h - horizon) * t * t;
        let spread = w * (0.02 + 0.3 * t);
        let x = sun + dice.range(-1.0, 1.0) * dice.unit() * spread;
        let length = w * (0.004 + 0.03 * t * dice.unit());
        canvas.block(x - length, y, length * 2.0, (h * 0.0022).max(1.0), mood.light, 0.35 * (1.1 - t));
    }
    if dice.unit() < 0.8 {
        sail(canvas, w * dice.range(0.2, 0.8), horizon + h * 0.05, h * 0.12, mood);
    }
}

fn sail(canvas: &mut Canvas, x: f32, water: f32, tall: f32, mood: &Mood) {
    let white = mix(mood.light, hex(0xff_ffff), 0.5);
    for step in 0..tall as u32 {
        let t = step as f32 / tall;
        let y = water - tall * 0.12 - tall * t;
        canvas.block(x, y, tall * 0.42 * (1.0 - t), 1.0, white, 0.95);
        canvas.block(x - tall * 0.3 * (1.0 - t), y, tall * 0.28 * (1.0 - t), 1.0, mix(white, mood.far, 0.3), 0.95);
    }
    for step in 0..(tall * 0.12) as u32 {
        let inset = step as f32;
        canvas.block(
            x - tall * 0.34 + inset,
            water - tall * 0.1 + step as f32,
            tall * 0.78 - 2.0 * inset,
            1.0,
            mood.near,
            1.0,
        );
    }
}

fn city(canvas: &mut Canvas, mood: &Mood, dice: &mut Dice) {
    backdrop(canvas, mood, dice);
    let (w, h) = canvas.size();
    for layer in 0..3 {
        let share = layer as f32 / 2.0;
        let color = mix(mix(mood.far, mood.sky[3], 0.2), mood.near, 0.3 + share * 0.7);
        let mut x = -w * 0.03;
        while x < w {
            let wide = w * dice.range(0.045, 0.1);
            let tall = h * dice.range(0.16, 0.5 - 0.13 * share);
            let top = h * (0.84 + 0.1 * share) - tall;
            canvas.block(x, top, wide, h, color, 1.0);
            if dice.unit() < 0.3 {
                canvas.block(x + wide * 0.48, top - h * 0.05, (w * 0.003).max(1.0), h * 0.05, color, 1.0);
            }
            windows(canvas, (x, top, wide), share, dice);
            x += wide * dice.range(0.82, 1.15);
        }
    }
    canvas.mirror((h * 0.9) as u32, mood.near, 0.45);
}

fn windows(canvas: &mut Canvas, (x, top, wide): (f32, f32, f32), share: f32, dice: &mut Dice) {
    let (w, h) = canvas.size();
    let (cell, gap) = (w * 0.0075, w * 0.013);
    let warm = [hex(0xff_d98a), hex(0xff_efc4), hex(0x9f_d8ff)];
    let mut y = top + gap;
    while y < h * 0.9 {
        let mut at = x + gap * 0.6;
        while at + cell < x + wide {
            if dice.unit() < 0.32 + 0.2 * share {
                canvas.block(at, y, cell.max(1.0), (cell * 1.25).max(1.0), warm[dice.pick(3)], 0.35 + 0.5 * share);
            }
            at += gap;
        }
        y += gap * 1.35;
    }
}

fn space(canvas: &mut Canvas, dice: &mut Dice) {
    let (w, h) = canvas.size();
    canvas.sky(&[hex(0x05_0414), hex(0x0d_0b2e), hex(0x1b_1045), hex(0x08_0618)], dice);
    let hues = [hex(0xff_5fa2), hex(0x5a_8dff), hex(0x9b_5cff), hex(0x2f_d6c3)];
    for _ in 0..26 {
        let t = dice.unit();
        let (x, y) = (w * t, h * (0.75 - 0.5 * t) + h * dice.range(-0.16, 0.16));
        canvas.glow(x, y, w.max(h) * dice.range(0.12, 0.32), hues[dice.pick(4)], 0.2);
    }
    stars(canvas, dice, 1.0, 1.0);
    let radius = w.min(h) * dice.range(0.16, 0.24);
    let (x, y) = (w * dice.range(0.35, 0.65), h * dice.range(0.4, 0.6));
    let day = hues[dice.pick(4)];
    canvas.glow(x, y, radius * 1.9, day, 0.5);
    canvas.sphere((x, y, radius), day, hex(0x07_0518), dice);
    ring(canvas, (x, y, radius), mix(day, hex(0xff_f3d6), 0.65));
    let (mx, my) = (x + radius * dice.range(1.5, 2.0), y - radius * dice.range(0.9, 1.4));
    canvas.sphere((mx, my, radius * 0.17), hex(0xd8_d4e8), hex(0x0a_0820), dice);
}

fn ring(canvas: &mut Canvas, (x, y, radius): (f32, f32, f32), color: Color) {
    let steps = (radius * 14.0) as usize;
    for step in 0..steps {
        let turn = step as f32 / steps as f32 * std::f32::consts::TAU;
        for band in 0..7 {
            let far = radius * (1.45 + band as f32 * 0.055);
            let (dx, dy) = (turn.cos() * far, turn.sin() * far * 0.24);
            let (px, py) = (x + dx * 0.97 - dy * 0.24, y + dy + dx * -0.2);
            let hidden = turn.sin() < 0.0 && (px - x).hypot(py - y) < radius;
            if !hidden && px >= 0.0 && py >= 0.0 {
                canvas.blend(px as u32, py as u32, color, 0.42 - band as f32 * 0.045);
            }
        }
    }
}

fn forest(canvas: &mut Canvas, mood: &Mood, dice: &mut Dice) {
    backdrop(canvas, mood, dice);
    let (w, h) = canvas.size();
    for layer in 0..5 {
        let share = layer as f32 / 4.0;
        let color = mix(mix(mood.far, mood.sky[3], 0.3), mood.near, share);
        let line = ridge(dice, h * (0.66 + 0.26 * share), h * 0.04, w, 0.5);
        let ground: Vec<f32> = (0..canvas.width).map(|x| line(x as f32)).collect();
        canvas.below(line, |_| color);
        for _ in 0..(46 - layer * 7) {
            let x = dice.unit() * w;
            let base = ground[(x as usize).min(ground.len() - 1)] + h * 0.01;
            pine(canvas, x, base, h * dice.range(0.1, 0.17) * (0.7 + 0.9 * share), color);
        }
    }
}

fn shapes(canvas: &mut Canvas, dice: &mut Dice) {
    let (w, h) = canvas.size();
    let palettes = [
        [0x0f_2027, 0x20_3a43, 0xff_6b6b, 0xff_d166, 0x06_d6a0],
        [0x1a_1a40, 0x27_0082, 0x7a_0bc0, 0xfa_58b6, 0xff_d1f7],
        [0x13_4e5e, 0x71_b280, 0xf9_f871, 0xff_9671, 0xd6_5db1],
    ];
    let palette = palettes[dice.pick(3)].map(hex);
    canvas.sky(&[palette[0], palette[1], palette[0]], dice);
    for _ in 0..14 {
        let (x, y, r) = (dice.unit() * w, dice.unit() * h, w.max(h) * dice.range(0.04, 0.22));
        let color = palette[2 + dice.pick(3)];
        canvas.glow(x, y, r * 1.6, color, 0.2);
        canvas.disc(x, y, r, color, dice.range(0.12, 0.4));
        canvas.disc(x - r * 0.25, y - r * 0.25, r * 0.55, mix(color, hex(0xff_ffff), 0.5), 0.14);
    }
    for _ in 0..5 {
        let level = h * dice.range(0.3, 1.0);
        let line = ridge(dice, level, h * 0.16, w, 0.35);
        let color = palette[2 + dice.pick(3)];
        for x in 0..canvas.width {
            canvas.disc(x as f32, line(x as f32), (w / 420.0).max(0.8), color, 0.5);
        }
    }
}
