from celery import shared_task

from cms.delivery.webhooks import line


@shared_task
def send_webhooks_task(webhook_id: int) -> None:
    """Send what is due to one receiver; what is left when its turn is over comes after what others wait for."""
    if line.work_off(webhook_id):
        send_webhooks_task.delay(webhook_id)


@shared_task
def tend_webhooks_task() -> None:
    """Send what is due again, and what nobody was told of: a message to the workers may be lost, or the worker."""
    line.switch_off_dead()
    line.give_up_old()
    for webhook_id in line.waiting().values_list("pk", flat=True):
        send_webhooks_task.delay(webhook_id)


@shared_task
def forget_webhook_deliveries_task() -> None:
    """Keep the log of deliveries short."""
    line.forget_old()
