# S-20 balance, S-21 amount, S-22 method, S-26 Stars.

## S-20

balance-available = 💰 Доступно: { $available }
balance-held = 🔒 В работе: { $held }
balance-bank = 🎟 Бонусные генерации: { $bank }
balance-debt = ⚠️ Долг: { $debt }. Следующее пополнение сначала закроет его.
btn-topup = 💳 Пополнить
btn-promo = 🎟 Промокод
btn-bonuses = 🎁 Мои бонусы

## S-21, S-22

topup-title = 💳 Пополнение. Доступно: { $available }
topup-choose = Выберите сумму ({ $min }–{ $max } ₽).
topup-guide = Ориентир: изображения от { $image }, видео от { $video }
topup-guide-image = Ориентир: изображения от { $image }
topup-guide-video = Ориентир: видео от { $video }
topup-ask = ✏️ Напишите сумму в рублях, например 300.
btn-amount = { $amount }
btn-topup-custom = ✏️ Другая сумма
method-title = Сумма: { $amount }
method-enough = Хватит примерно на { $images } или { $videos }
method-enough-images = Хватит примерно на { $images }
method-enough-videos = Хватит примерно на { $videos }
btn-stars = ⭐ Telegram Stars — { $xtr }
btn-sbp = 🏦 СБП — { $amount }

## S-26 Telegram Stars

stars-title = Пополнение { $amount }
stars-description = Пополнение баланса «{ $brand }»
stars-hint = Нажмите «Оплатить» в счёте выше.
invoice-stale = Счёт устарел, создайте новый.
invoice-paid = Счёт уже оплачен.
invoice-foreign = Этот счёт выставлен другому пользователю.
pay-unavailable = Оплата временно недоступна, попробуйте позже.
btn-back-to-generation = ▶️ Вернуться к генерации
