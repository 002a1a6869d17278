# S-36, the tutorial, and S-47, the quick actions.

## S-36

tutorial-intro =
    🎓 <b>Tutorial</b>
    Four short steps, and you know how to get your first picture or video.
tutorial-1 =
    <b>1 of 4. Choose a model</b>
    Decide in the menu what to create: a picture, a video, a sound. Models differ in quality and price: the price is on the button. 🎁 means free right now.
tutorial-2 =
    <b>2 of 4. Describe your idea</b>
    Write what you want to see: who, where, which light, which style. If a model works with a photo, audio or video, send the file right into the chat.
tutorial-3 =
    <b>3 of 4. Check the price</b>
    Before the start I show the whole order: settings, price and what is left. Until you press “✅ Generate” nothing is charged.
tutorial-4 =
    <b>4 of 4. Get the result</b>
    It comes to this chat by itself, even if you close it. You pay only after it has been delivered. Everything you have made is in “📚 My generations”.
tutorial-end =
    🎉 <b>Done!</b>
    Now try it yourself: choose a model and describe your first idea.
btn-tutorial-begin = ▶️ Begin
btn-tutorial-models = 🤖 To the models

## S-47

quick-title =
    ⚡ <b>Quick actions</b>
    What do you need?
quick-choose = Choose a model, or look at sample requests.
quick-copy = Tap a text to copy it:
btn-quick-post = 📝 A post for social media
btn-quick-vertical = 📱 A vertical video
btn-quick-cover = 🎬 A video cover
btn-quick-logo = 🔷 A logo
btn-quick-clip = 🎞 A short clip
btn-quick-examples = 📝 Examples
quick-post-1 = A cup of coffee and an open notebook on a light table, top view, soft morning light, space for text on the right
quick-post-2 = Autumn sale: paper bags and maple leaves on a beige background, minimalism
quick-post-3 = A team at a big table discussing a project, lively emotions, natural light
quick-vertical-1 = Vertical video: a woman walks through a night city under neon signs, the camera follows her
quick-vertical-2 = Vertical video: a barista draws a heart on coffee, close-up, warm light
quick-vertical-3 = Vertical video: waves roll onto black sand, drone shot, sunset
quick-cover-1 = Cover of a travel video: a backpack against mountains, bright colours, strong contrast
quick-cover-2 = Cover of a recipe video: pasta with basil close-up, dark background, steam
quick-cover-3 = Cover of a phone review: a smartphone floating in studio light, blue gradient
quick-logo-1 = Minimalist logo of a coffee house: a bean and a crescent, flat style, white background
quick-logo-2 = Logo of a children's club: a paper plane in two colours, soft shapes
quick-logo-3 = Logo of a yoga studio: a lotus in one line, beige and green
quick-clip-1 = The camera slowly comes closer, hair and clothes move a little in the wind
quick-clip-2 = The object turns smoothly in place, a highlight glides over it
quick-clip-3 = Clouds drift, leaves sway, water glitters, the camera stands still
